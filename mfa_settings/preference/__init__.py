"""The preference: the factors that are on, and the one asked first. Propose, review, save, undo."""
