"""What the user pool and a person's account say, as plain values.

`values` (factor, preference, status), `policy` and `next_sign_in` are plain Python; `facts` turns
what a pool says into a policy, `service` reads it, `status` reads the person, `passkey_factor`
remembers what no call shows, `words` names them on pages. `check/` is for operators.
"""
