"""Knows the user pool and a person's account, as plain values.

`values` (factor, preference, status), `policy`, `facts` and `next_sign_in` are plain Python.
`service` reads the pool's policy, `status` a person's status, `passkey_factor` stores the one flag
that no call shows, `words` names all of it on pages. `check/` is for operators.
"""
