from django.apps import AppConfig


class MfaSettingsConfig(AppConfig):
    name = "mfa_settings"
