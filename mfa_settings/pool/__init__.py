"""What the user pool allows, and how the portal knows."""
