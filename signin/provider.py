"""The way to managed login: a small django-allauth provider of our own.

allauth's Cognito provider never looks at the ID token, and both of allauth's candidates let the
query string rewrite the authorize request. This one takes nothing from the request.
https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
"""

import secrets
from collections.abc import Sequence
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.base.provider import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from signin import oauth
from signin.domain import SCOPES, SignIn
from signin.models import User
from signin.service import PROVIDER_ID


class CognitoAdapter(OAuth2Adapter):
    """The addresses of managed login, all from the settings and none from the Host header."""

    provider_id = PROVIDER_ID

    @property
    def authorize_url(self) -> str:
        return settings.COGNITO.authorize_url

    @property
    def access_token_url(self) -> str:  # type: ignore[override]  # allauth has a plain attribute.
        return settings.COGNITO.token_url

    def get_callback_url(self, *_: Any) -> str:
        return callback_url()


class CognitoProvider(OAuth2Provider):
    id = PROVIDER_ID
    name = "Amazon Cognito"
    account_class = ProviderAccount
    oauth2_adapter_class = CognitoAdapter

    def get_pkce_params(self) -> dict[str, Any]:
        return generate_code_challenge()

    def get_scope(self) -> list[str]:
        return list(SCOPES)

    def redirect_from_request(self, request: HttpRequest) -> HttpResponse:
        # allauth's own reads scope, auth_params, process and action from the query string.
        return to_managed_login(request=request, next_path="/")


provider_classes = [CognitoProvider]


class CognitoLogin(SocialLogin):
    """A sign-in whose tokens have been verified, on its way through allauth."""

    def __init__(self, *, sign_in: SignIn, issued: oauth.Tokens, state: dict[str, Any]) -> None:
        super().__init__(
            user=User(uid=sign_in.uid),
            account=SocialAccount(provider=PROVIDER_ID, uid=sign_in.uid),
        )
        self.state = state
        self.sign_in = sign_in
        self.issued = issued


def callback_url() -> str:
    return f"{settings.PORTAL_URL}{reverse('cognito_callback')}"


def provider_of(request: HttpRequest) -> CognitoProvider:
    return CognitoProvider(request, app=get_adapter(request).get_app(request, PROVIDER_ID))


def to_managed_login(
    *,
    request: HttpRequest,
    next_path: str,
    prompt: str = "",
    max_age: int | None = None,
    acr_values: Sequence[str] = (),
    side: str = "",
    same_person: str = "",
) -> HttpResponse:
    """Redirect to managed login, and afterwards to `next_path`, which the caller has checked.

    `prompt`, `max_age` (seconds) and `acr_values` ask for a fresh or a stronger sign-in. Cognito
    ignores them where the pool's plan or branding lacks them, so only the claims of the new tokens
    tell. `side` is the id of a `SideSignIn`, whose callback begins no session. With `same_person`
    (a uid) only that person gets in, and a failure is told at `next_path`, which holds a query, as
    `&failure=`.
    """
    nonce = secrets.token_urlsafe(32)
    params = {"nonce": nonce}
    if prompt:
        params["prompt"] = prompt
    if max_age is not None:
        params["max_age"] = str(max_age)
    if acr_values:
        params["acr_values"] = " ".join(acr_values)
    answer: HttpResponse = provider_of(request).redirect(
        request,
        AuthProcess.LOGIN,
        next_url=next_path,
        auth_params=params,
        nonce=nonce,
        side=side,
        same_person=same_person,
        asked_for_level=bool(acr_values),
    )
    return answer
