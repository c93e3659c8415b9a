"""The check-up: what a sign-in asks, what happens if the phone is lost, the best next step."""
