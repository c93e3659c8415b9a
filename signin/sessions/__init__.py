"""Where a person is signed in, and how to end that elsewhere or everywhere."""
