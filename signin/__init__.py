"""Who is at the keyboard and since when: the way to managed login and back, and the tokens.

`provider` and `adapters` are the small allauth provider, `id_token` verifies what comes back,
`oauth` speaks to the token and revocation endpoints, `tokens` keeps what Cognito issued (sealed by
`sealing`, refreshed one at a time), `service` begins and ends sessions, `middleware` ends those
that are over, `guards` hands a living access token to a view. `assurance` says how recent and
strong a sign-in was, `side_sign_in` is one beside the session, `logout` leads out of managed
login.
"""
