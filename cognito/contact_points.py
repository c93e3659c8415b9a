"""A person's own phone number and email address: change, verify, remove. Unsigned calls; no IAM.

Every function raises `cognito.errors.CognitoError`. `attribute` is phone_number or email.
"""

from dataclasses import dataclass

from cognito.account import Account
from cognito.client import Answer, call


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a code went: `destination` is masked by Cognito, `medium` is SMS or EMAIL."""

    destination: str
    medium: str


def update_attribute(account: Account, *, attribute: str, value: str) -> Sent | None:
    """Stores a new value, or lets it wait for its code where the pool keeps the old one.

    Returns where a code was sent, or None when the pool sent none by itself. Nothing in the
    answer tells a stored value from a waiting one: read it back.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html
    """
    answer = call(
        account,
        "UpdateUserAttributes",
        writes=True,
        UserAttributes=[{"Name": attribute, "Value": value}],
    )
    deliveries = answer.get("CodeDeliveryDetailsList", [])
    return next(
        (_sent(each) for each in deliveries if each.get("AttributeName") == attribute), None
    )


def send_code(account: Account, *, attribute: str) -> Sent:
    """Sends a new code to the value that waits, or else to the current one.

    Raises `LimitReached` after 5 codes an hour.
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
    """
    answer = call(
        account,
        "GetUserAttributeVerificationCode",
        writes=True,
        proof="CodeDeliveryDetails",
        AttributeName=attribute,
    )
    return _sent(answer["CodeDeliveryDetails"])


def _sent(delivery: Answer) -> Sent:
    return Sent(delivery.get("Destination", ""), delivery.get("DeliveryMedium", ""))


def verify_attribute(account: Account, *, attribute: str, code: str) -> None:
    """Verifies the value with the code that was sent to it. The answer is empty: read it back.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerifyUserAttribute.html
    """
    call(account, "VerifyUserAttribute", writes=True, AttributeName=attribute, Code=code)


def delete_attribute(account: Account, *, attribute: str) -> None:
    """Removes the value, verified or not. The answer is empty: read it back.

    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html
    """
    call(account, "DeleteUserAttributes", writes=True, UserAttributeNames=[attribute])
