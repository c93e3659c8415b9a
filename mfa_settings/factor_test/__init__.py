"""Test a way to sign in before relying on it: a sign-in beside the session, judged and revoked."""
