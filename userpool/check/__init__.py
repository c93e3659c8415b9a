"""What will and won't work in a pool, for its operator: `manage.py check_pool`."""
