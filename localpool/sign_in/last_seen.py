"""The device, address and place that a pool records of the current request.

How Cognito describes a device is UNKNOWN (`API/ListUserSessions`: "operating system and browser or
app"); a place is its guess from the address.
"""

import re
from datetime import datetime

import flask

from localpool.state.records import BrowserSession, Grant

UNKNOWN = "unknown"
_PRODUCTS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_NAMES = {"Edg": "Edge", "OPR": "Opera"}
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")
# Addresses for documentation (RFC 5737), which belong to nobody.
_PLACES = {
    "192.0.2.": {"City": "Lisbon", "Country": "Portugal"},
    "198.51.100.": {"City": "Wellington", "Country": "New Zealand"},
    "203.0.113.": {"Country": "Japan"},
}


def record(seen: Grant | BrowserSession, now: datetime) -> None:
    """Overwrite the last device, address and time (DOC `API/SessionDescriptionType`)."""
    seen.device, seen.address, seen.last_active = device(), address(), now


def device() -> str:
    """The browser and system of the request, as "Chrome, Linux", or its first product."""
    agent = flask.request.user_agent.string if flask.has_request_context() else ""
    product = next((name for name in _PRODUCTS if f"{name}/" in agent), "")
    system = next((name for name in _SYSTEMS if name in agent), "")
    if product and system:
        return f"{_NAMES.get(product, product)}, {system}"
    first = re.match(r"[\w.-]+", agent)
    return first[0] if first else UNKNOWN


def address() -> str:
    return (flask.request.remote_addr or "") if flask.has_request_context() else ""


def place(of: str) -> dict[str, str]:
    return next((p for net, p in _PLACES.items() if of.startswith(net)), {"Country": UNKNOWN})
