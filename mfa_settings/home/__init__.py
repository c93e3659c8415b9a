"""The settings page, assembled from the rooms below."""
