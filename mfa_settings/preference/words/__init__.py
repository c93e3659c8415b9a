"""The sentences about a preference and a change: whole sentences, for gettext."""
