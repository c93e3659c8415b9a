"""How the last press ended, carried in the address of the page that tells it.

Signed for its person: nobody else can make a page say that all is well, nor a bookmark for long.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest
from django.utils.http import urlencode

from signin.guards import person_of

_SECONDS: Final = 300


def told_in(request: HttpRequest, *, about: str) -> dict[str, Any] | None:
    """What the address says of `about`; None where it says nothing, or nothing of ours."""
    try:
        said: dict[str, Any] = signing.loads(
            request.GET.get("told", ""), salt=_salt(request, about), max_age=_SECONDS
        )
    except signing.BadSignature:
        return None
    return said


def to_tell(request: HttpRequest, said: Mapping[str, Any], *, about: str) -> str:
    """The query of the address that tells it: plain values by name."""
    told = signing.dumps(dict(said), salt=_salt(request, about))
    return f"?{urlencode({'told': told})}"


def _salt(request: HttpRequest, about: str) -> str:
    return f"{about}:{person_of(request).uid}"
