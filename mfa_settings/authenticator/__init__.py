"""Set up an authenticator app, or replace it without a gap."""
