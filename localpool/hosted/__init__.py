"""The browser's side: OAuth endpoints and managed-login pages, with their templates."""
