"""A person's passkeys, with their own access token. Unsigned calls; no IAM.

Every function raises `cognito.errors.CognitoError`. Cognito has no operation that renames a
passkey, and none by which an administrator lists or deletes somebody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cognito.account import Account
from cognito.client import call, pages
from cognito.errors import TryLater


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
    """Returns PublicKeyCredentialCreationOptionsJSON with a challenge that is good once.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_StartWebAuthnRegistration.html
    """
    answer = call(account, "StartWebAuthnRegistration", writes=True)
    options = answer.get("CredentialCreationOptions")
    if not isinstance(options, Mapping) or not options.get("challenge"):
        raise TryLater(operation="StartWebAuthnRegistration", code="EmptyAnswer")
    return options


def complete_registration(account: Account, *, credential: Mapping[str, Any]) -> None:
    """Finishes with the browser's RegistrationResponseJSON. The answer is empty: read the list.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CompleteWebAuthnRegistration.html
    """
    call(account, "CompleteWebAuthnRegistration", writes=True, Credential=credential)


def list_credentials(account: Account) -> tuple[Credential, ...]:
    """Lists the person's passkeys, oldest first.

    Raises `TryLater` for a 200 without a list, which never means "no passkeys".
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListWebAuthnCredentials.html
    """
    found = [
        Credential(
            id=each["CredentialId"],
            name=each["FriendlyCredentialName"],
            relying_party_id=each["RelyingPartyId"],
            attachment=each.get("AuthenticatorAttachment", ""),
            transports=tuple(each["AuthenticatorTransports"]),
            created_at=each["CreatedAt"],
        )
        for page in pages(account, "ListWebAuthnCredentials", proof="Credentials", MaxResults=20)
        for each in page["Credentials"]
    ]
    return tuple(sorted(found, key=lambda each: each.created_at))


def delete_credential(account: Account, *, credential_id: str) -> None:
    """Deletes the passkey with this id.

    Raises `Misconfigured` with the code ResourceNotFoundException where it is gone already.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteWebAuthnCredential.html
    """
    call(account, "DeleteWebAuthnCredential", writes=True, CredentialId=credential_id)
