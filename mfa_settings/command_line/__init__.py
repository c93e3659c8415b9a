"""Takes SetUserMFAPreference as the AWS CLI does, for scripts and for people who assist others."""
