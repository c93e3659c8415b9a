"""Text that apps and browsers have sent, made fit to be shown. Plain Python."""

import unicodedata
from ipaddress import ip_address
from typing import Final

LONGEST_NAME: Final = 60


def shown_name(name: str) -> str:
    """The name on one line of at most 60 characters, without control and format characters."""
    seen = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in name)
    text = " ".join(seen.split())
    return text if len(text) <= LONGEST_NAME else f"{text[: LONGEST_NAME - 1].rstrip()}…"


def shown_address(text: str) -> str:
    """Return the IP address in its usual form; "" for any other text."""
    try:
        return str(ip_address(text))
    except ValueError:
        return ""
