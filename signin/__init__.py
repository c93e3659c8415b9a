"""Who is at the keyboard and since when: sign-in by managed login, its tokens, and the sessions.

`provider` and `adapters` are the small allauth provider, `oauth` calls the token and revocation
endpoints, `id_token` verifies the tokens, `tokens` keeps them sealed (`sealing`) and refreshes
them, `service` begins and ends sessions and `ending` their rows, `middleware` loads the session of
each request, `guards` hands views an access token. `assurance` says how recent and strong a sign-in
was and what a change demands, `step_up` asks for another sign-in, `side_sign_in` is a sign-in that
begins no session, `logout` leads out of managed login, `flash` carries a notice in a URL, `batch`
ends many devices or sign-ins by one press, `limits` counts attempts.
"""
