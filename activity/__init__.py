"""Security events: an intent before each change, its outcome after, and nothing ever rewritten."""
