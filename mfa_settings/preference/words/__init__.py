"""What pages say of a preference and of a change: whole sentences, for gettext."""
