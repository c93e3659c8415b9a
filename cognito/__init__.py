"""The only place that speaks to Amazon Cognito's API (boto3).

`pool` says which user pool and where it answers, `client` calls it, `model` says what botocore
knows of an operation. `user_pool`, `contact_points`, `passkeys`, `devices` and
`sessions` hold the calls made with a person's own access token (unsigned), `admin` and
`inspection` those that need IAM, `errors` what each refusal means for the person. Nothing here
knows Django.
"""
