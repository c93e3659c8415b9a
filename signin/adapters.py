"""django-allauth's hooks, used to switch off everything but the way to managed login and back."""

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from signin import domain, service


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, *_: Any) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return domain.own_path(url) == url

    def get_login_stages(self) -> list[str]:
        # Cognito asks for every factor; nothing is verified here.
        return []

    def post_login(self, request: HttpRequest, user: Any, **how: Any) -> HttpResponse:
        # allauth has given the session its new id by now: the tokens belong to that id.
        login = how["signal_kwargs"]["sociallogin"]
        service.begin(
            request=request,
            person=user,
            sign_in=login.sign_in,
            issued=login.issued,
            stepped_up=bool(login.state.get("same_person"))
            and bool(login.state.get("asked_for_level")),
        )
        response: HttpResponse = super().post_login(request, user, **how)
        return response


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, *_: Any) -> bool:
        return False

    def authenticate_by_email(self, *_: Any) -> None:
        """Never: an address is not an identity."""

    def generate_state_param(self, *_: Any) -> str:
        # allauth's own has 95 bits.
        return secrets.token_urlsafe(32)

    def list_apps(self, *_: Any, **__: Any) -> list[SocialApp]:
        """The one app client, from the settings; its secret stays in `signin.oauth`."""
        return [SocialApp(provider=service.PROVIDER_ID, client_id=settings.COGNITO.client_id)]
