"""The operations of the JSON API, one function for each `X-Amz-Target`."""
