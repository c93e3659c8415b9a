"""Which factors are on and which is asked first: propose, review, save, undo."""
