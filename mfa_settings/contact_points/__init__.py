"""A person's phone number and email address: add, change, confirm, remove."""
