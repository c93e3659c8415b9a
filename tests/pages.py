"""Read a page as a person does: its words, its switches, what can be chosen."""

import re
from html import unescape
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    # What Django's test client answers; the name exists for type checkers only.
    from django.test.client import _MonkeyPatchedWSGIResponse

Page: TypeAlias = "_MonkeyPatchedWSGIResponse"


def words(response: Page) -> str:
    """The visible text, on one line."""
    html = response.content.decode()
    body = html[html.index("<main") :]
    text = unescape(re.sub(r"<[^>]+>", " ", body))
    # The marks that keep a contact point apart from the sentence around it are not seen.
    return " ".join(text.replace("\u2068", "").replace("\u2069", "").split())


def title(response: Page) -> str:
    found = re.search(r"<title>(.*?)</title>", response.content.decode(), re.DOTALL)
    assert found
    return unescape(found[1]).strip()


def way_out(response: Page) -> str:
    """The address of managed login that the page leads to."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', response.content.decode())
    assert found, words(response)
    return unescape(found[1])


def fields(response: Page) -> dict[str, dict[str, Any]]:
    """Each input that has a name or an id: its attributes."""
    found = {}
    for tag in re.findall(r"<input\b([^>]*)>", response.content.decode()):
        attributes: dict[str, Any] = {
            n: unescape(v) for n, v in re.findall(r'([\w-]+)="([^"]*)"', tag)
        }
        flags = re.sub(r'[\w-]+="[^"]*"', "", tag).split()
        attributes |= dict.fromkeys(flags, True)
        key = attributes.get("name", attributes.get("id", ""))
        if attributes.get("type") == "radio":
            key = f"{key}={attributes['value']}"
        found[key] = attributes
    return found


def form_of(response: Page) -> dict[str, str]:
    """What a browser would post if nobody touched anything."""
    posted = {}
    for attributes in fields(response).values():
        name, kind = attributes.get("name"), attributes.get("type")
        chosen = kind not in {"checkbox", "radio"} or "checked" in attributes
        if name and name != "csrfmiddlewaretoken" and chosen and "disabled" not in attributes:
            posted[name] = attributes.get("value", "on")
    return posted
