"""The steps of a sign-in and its tokens, which the JSON API and the hosted pages share."""
