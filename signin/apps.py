from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "signin"

    def ready(self) -> None:
        from signin import sealing

        # A key that is not one must stop the start, not the first person who signs in.
        sealing.check_keys()
