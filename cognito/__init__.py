"""The only place that speaks to Amazon Cognito's API (boto3).

`pool` says which user pool and where it answers, `user_pool` holds the calls made with a
person's own access token (unsigned), `admin` those that need IAM, `errors` what each refusal
means for the person. Nothing here knows Django.
"""
