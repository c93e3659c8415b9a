from typing import Any

import jwt

from tests.localpool.stage import Stage


def claims_of(stage: Stage, back: dict[str, str], **more: str) -> dict[str, Any]:
    """The claims of the ID token that the code of the redirect gives."""
    answer = stage.exchange(back["code"], **more)
    assert answer.ok, answer.text
    claims: dict[str, Any] = jwt.decode(
        answer.json()["id_token"], options={"verify_signature": False}
    )
    return claims
