"""What must hold before the portal may serve anybody but the machine it runs on."""

from itertools import combinations
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
SHORTEST_SECRET_KEY = 50


def is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK_HOSTS


def unsafe(
    *,
    debug: bool,
    portal_url: str,
    secret_key: str,
    token_keys: tuple[str, ...],
    cognito_urls: tuple[str, ...],
) -> list[str]:
    """Every reason why these settings must not serve real people, as sentences."""
    reasons = []
    if debug:
        reasons.append("PORTAL_DEBUG is on: error pages would show what belongs to people.")
    if not portal_url.startswith("https://"):
        reasons.append("PORTAL_URL is not https.")
    if len(secret_key) < SHORTEST_SECRET_KEY or len(set(secret_key)) < 5:
        reasons.append(
            f"PORTAL_SECRET_KEY is shorter than {SHORTEST_SECRET_KEY} characters or too simple."
        )
    if not token_keys:
        reasons.append("PORTAL_TOKEN_KEYS is empty: tokens could not be encrypted.")
    if any(a == b for a, b in combinations((secret_key, *token_keys), 2)):
        reasons.append("PORTAL_SECRET_KEY and PORTAL_TOKEN_KEYS hold the same key twice.")
    if any(url and not url.startswith("https://") for url in cognito_urls):
        reasons.append("COGNITO_DOMAIN or COGNITO_ENDPOINT_URL is not https.")
    return reasons


def refuse_unsafe(
    *,
    debug: bool,
    portal_url: str,
    secret_key: str,
    token_keys: tuple[str, ...],
    cognito_urls: tuple[str, ...],
) -> bool:
    """True when the portal serves this machine alone (a loopback PORTAL_URL over http).

    For everybody else it raises ImproperlyConfigured with every reason at once.
    """
    if portal_url.startswith("http://") and is_loopback(portal_url):
        return True
    reasons = unsafe(
        debug=debug,
        portal_url=portal_url,
        secret_key=secret_key,
        token_keys=token_keys,
        cognito_urls=cognito_urls,
    )
    if reasons:
        raise ImproperlyConfigured("The portal does not start:\n- " + "\n- ".join(reasons))
    return False
