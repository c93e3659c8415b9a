"""Check a pool for its operator, and say what will work in it: `manage.py check_pool`."""
