"""The conditions for serving anybody but the machine that the portal runs on."""

from collections.abc import Mapping
from itertools import combinations
from urllib.parse import urlsplit

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_SECRET_KEY = 50
FEWEST_SECRET_CHARACTERS = 5  # Different ones.


def is_local(portal_url: str) -> bool:
    """Tell whether the portal serves this machine alone: plain http on a loopback address.

    Everything else is production, without a flag that could be forgotten.
    """
    return portal_url.startswith("http://") and urlsplit(portal_url).hostname in LOOPBACK_HOSTS


def unsafe(
    *,
    debug: bool,
    portal_url: str,
    secret_key: str,
    token_keys: tuple[str, ...],
    cognito_urls: Mapping[str, str],
) -> list[str]:
    """Sentences: each reason why these settings must not serve real people."""
    reasons = []
    if debug:
        reasons.append("PORTAL_DEBUG is on: error pages would show what belongs to people.")
    if not portal_url.startswith("https://"):
        reasons.append("PORTAL_URL is not https.")
    is_simple = len(set(secret_key)) < FEWEST_SECRET_CHARACTERS or secret_key.startswith(
        "django-insecure-"
    )
    if len(secret_key) < SHORTEST_SECRET_KEY or is_simple:
        reasons.append(
            f"PORTAL_SECRET_KEY is shorter than {SHORTEST_SECRET_KEY} characters or too simple."
        )
    if not token_keys:
        reasons.append("PORTAL_TOKEN_KEYS is empty: tokens could not be encrypted.")
    if any(a == b for a, b in combinations((secret_key, *token_keys), 2)):
        reasons.append("PORTAL_SECRET_KEY and PORTAL_TOKEN_KEYS hold the same key twice.")
    reasons += [
        f"{name} is not https."
        for name, url in cognito_urls.items()
        if url and not url.startswith("https://")
    ]
    return reasons
