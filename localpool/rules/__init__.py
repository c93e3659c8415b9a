"""The rules and the open questions of a Cognito user pool, as tables with sources."""
