"""A person's passkeys, with their own access token. Unsigned calls; no IAM.

Every function raises `cognito.errors.CognitoError` and takes `access_token`, a token with the
scope `aws.cognito.signin.user.admin`. Cognito has no operation that renames a passkey, and none
by which an administrator lists or deletes somebody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cognito.account import Account
from cognito.client import client, translate_errors
from cognito.errors import TryLater

# Twenty passkeys in pages of twenty: a list that goes on beyond this is not one of Cognito's.
_MOST_PAGES: Final = 5


@dataclass(frozen=True, slots=True)
class Credential:
    """One passkey as Cognito lists it. `attachment` is platform, cross-platform or ""."""

    id: str
    name: str
    relying_party_id: str
    attachment: str
    transports: tuple[str, ...]
    created_at: datetime


def start_registration(account: Account) -> Mapping[str, Any]:
    """PublicKeyCredentialCreationOptionsJSON with a challenge that is good once.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
    """
    with translate_errors("StartWebAuthnRegistration", writes=True):
        answer = client(account.pool, "person-once").start_web_authn_registration(
            AccessToken=account.access_token
        )
    options = answer.get("CredentialCreationOptions")
    if not isinstance(options, Mapping) or not options.get("challenge"):
        raise TryLater(operation="StartWebAuthnRegistration", code="EmptyAnswer")
    return options


def complete_registration(account: Account, *, credential: Mapping[str, Any]) -> None:
    """Finish with the browser's RegistrationResponseJSON. A read of the list shows whether.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CompleteWebAuthnRegistration.html
    """
    with translate_errors("CompleteWebAuthnRegistration", writes=True):
        client(account.pool, "person-once").complete_web_authn_registration(
            AccessToken=account.access_token, Credential=credential
        )


def list_credentials(account: Account) -> tuple[Credential, ...]:
    """All of them, oldest first. A 200 without a list is `TryLater` and never "no passkeys".

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListWebAuthnCredentials.html
    """
    found: list[Credential] = []
    more: dict[str, str] = {}
    for _ in range(_MOST_PAGES):
        with translate_errors("ListWebAuthnCredentials"):
            answer = client(account.pool, "person").list_web_authn_credentials(
                AccessToken=account.access_token,
                MaxResults=20,
                **more,
            )
        if "Credentials" not in answer:
            raise TryLater(operation="ListWebAuthnCredentials", code="EmptyAnswer")
        found += [
            Credential(
                id=each["CredentialId"],
                name=each["FriendlyCredentialName"],
                relying_party_id=each["RelyingPartyId"],
                attachment=each.get("AuthenticatorAttachment", ""),
                transports=tuple(each["AuthenticatorTransports"]),
                created_at=each["CreatedAt"],
            )
            for each in answer["Credentials"]
        ]
        if not answer.get("NextToken"):
            break
        more = {"NextToken": answer["NextToken"]}
    return tuple(sorted(found, key=lambda each: each.created_at))


def delete_credential(account: Account, *, credential_id: str) -> None:
    """`Misconfigured` with the code ResourceNotFoundException where it is gone already.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteWebAuthnCredential.html
    """
    with translate_errors("DeleteWebAuthnCredential", writes=True):
        client(account.pool, "person-once").delete_web_authn_credential(
            AccessToken=account.access_token, CredentialId=credential_id
        )
