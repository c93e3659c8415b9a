from django.apps import AppConfig


class UserPoolConfig(AppConfig):
    name = "userpool"
