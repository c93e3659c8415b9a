"""Devices on which apps do not ask for a second step: look at them, forget them."""
