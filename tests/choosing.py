"""The steps from a switch on the settings page to the page after its saving."""

from tests.pages import Page, fields, form_of, words
from tests.people import Browser


def review(client: Browser, *, off: tuple[str, ...] = (), **wanted: str) -> Page:
    """Open the page, move what is named, press Review; the answer to that."""
    posted = form_of(client.get("/")) | wanted
    for slug in off:
        posted.pop(slug, None)
    return client.submit("/review/", **posted)


def propose(client: Browser, *, off: tuple[str, ...] = (), **wanted: str) -> str:
    """The same; the address of the review page."""
    answer = review(client, off=off, **wanted)
    assert answer.status_code == 302, words(answer)
    return str(answer["Location"])


def save(client: Browser, *, off: tuple[str, ...] = (), **wanted: str) -> Page:
    """The same, and press Save on the review page; the page that follows."""
    return _press_save(client, propose(client, off=off, **wanted))


def review_only(client: Browser, **wish: str) -> Page:
    """Wish for these switches and no others; the review page."""
    answer = client.submit("/review/", seen=fields(client.get("/"))["seen"]["value"], **wish)
    assert answer.status_code == 302, words(answer)
    return client.get(answer["Location"])


def save_only(client: Browser, **wish: str) -> Page:
    """The same, and press Save; the page that follows."""
    return _press_save(client, str(review_only(client, **wish).request["PATH_INFO"]))


def _press_save(client: Browser, address: str) -> Page:
    saved = client.insist(f"{address}save/")
    assert saved.status_code == 302, words(saved)
    return client.get(saved["Location"])
