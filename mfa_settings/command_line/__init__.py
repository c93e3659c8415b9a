"""SetUserMFAPreference as the AWS CLI takes it, for scripts and for people who assist others."""
