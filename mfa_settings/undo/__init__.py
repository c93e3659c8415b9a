"""Take the last saved change back, for a quarter of an hour."""
