"""The places in which a person is signed in, and signing out there or everywhere."""
