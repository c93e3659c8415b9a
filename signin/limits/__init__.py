"""Rate limits: how often an action may be attempted, by person or by any other key."""
