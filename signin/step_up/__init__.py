"""A recent and strong enough sign-in before a change: RFC 9470's step-up, for people."""
