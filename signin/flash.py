"""One-time notice in the URL, signed for its person, valid 5 minutes.

The signature keeps others from making a page say that all is well; the time keeps a bookmark from
saying it for long.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.core import signing
from django.http import HttpRequest
from django.utils.http import urlencode

from signin.guards import person_of

_SECONDS: Final = 300


def read_flash(request: HttpRequest, *, about: str) -> dict[str, Any] | None:
    """The values of the notice about `about` in this URL; None without a valid one."""
    try:
        values: dict[str, Any] = signing.loads(
            request.GET.get("told", ""), salt=_salt(request, about), max_age=_SECONDS
        )
    except signing.BadSignature:
        return None
    return values


def flash_query(request: HttpRequest, values: Mapping[str, Any], *, about: str) -> str:
    """The query of a URL whose page shows the notice; `values` are plain, by name."""
    signed = signing.dumps(dict(values), salt=_salt(request, about))
    return f"?{urlencode({'told': signed})}"


def _salt(request: HttpRequest, about: str) -> str:
    return f"{about}:{person_of(request).uid}"
