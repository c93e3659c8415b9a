"""A person's own phone number and email address: change, prove, remove. Unsigned calls; no IAM.

Every function raises `cognito.errors.CognitoError` and takes `access_token`, a token with the
scope `aws.cognito.signin.user.admin`. `attribute` is phone_number or email.
"""

from dataclasses import dataclass

from cognito.account import Account
from cognito.client import client, translate_errors
from cognito.errors import Applied, TryLater


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a code went: `destination` is masked by Cognito, `medium` is SMS or EMAIL."""

    destination: str
    medium: str


def update_attribute(account: Account, *, attribute: str, value: str) -> Sent | None:
    """Store a new value, or let it wait for its code where the pool keeps the old one.

    Returns where a code was sent, or None when the pool sent none by itself. Nothing in the
    answer tells a stored value from a waiting one: read it back.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html
    """
    with translate_errors("UpdateUserAttributes", writes=True):
        answer = client(account.pool, "person-once").update_user_attributes(
            AccessToken=account.access_token, UserAttributes=[{"Name": attribute, "Value": value}]
        )
    for sent in answer.get("CodeDeliveryDetailsList", []):
        if sent.get("AttributeName") == attribute:
            return Sent(sent.get("Destination", ""), sent.get("DeliveryMedium", ""))
    return None


def send_code(account: Account, *, attribute: str) -> Sent:
    """A new code to the value that waits, or to the current one. `LimitReached` after 5 an hour.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
    """
    with translate_errors("GetUserAttributeVerificationCode", writes=True):
        answer = client(account.pool, "person-once").get_user_attribute_verification_code(
            AccessToken=account.access_token, AttributeName=attribute
        )
    sent = answer.get("CodeDeliveryDetails")
    if not sent:
        raise TryLater(
            operation="GetUserAttributeVerificationCode",
            code="EmptyAnswer",
            applied=Applied.UNKNOWN,
        )
    return Sent(sent.get("Destination", ""), sent.get("DeliveryMedium", ""))


def verify_attribute(account: Account, *, attribute: str, code: str) -> None:
    """Prove the value with the code that was sent to it. The answer is empty: read it back.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
    """
    with translate_errors("VerifyUserAttribute", writes=True):
        client(account.pool, "person-once").verify_user_attribute(
            AccessToken=account.access_token, AttributeName=attribute, Code=code
        )


def delete_attribute(account: Account, *, attribute: str) -> None:
    """Remove the value, verified or not. The answer is empty: read it back.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html
    """
    with translate_errors("DeleteUserAttributes", writes=True):
        client(account.pool, "person-once").delete_user_attributes(
            AccessToken=account.access_token, UserAttributeNames=[attribute]
        )
