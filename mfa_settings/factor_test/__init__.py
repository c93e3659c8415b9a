"""Test a factor before relying on it, by a sign-in beside the session."""
