"""The rules of a change of preference. Plain Python: no Django, no boto3, no clock, no I/O.

A form, a save, an undo, the check-up and the command line all ask `rules.plan`.
"""
