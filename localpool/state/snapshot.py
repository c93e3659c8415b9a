"""One JSON file of the whole state, which the demo keeps between two starts."""

import json
import os
from pathlib import Path

from cattrs.preconf.json import make_converter

from localpool.state.records import State

_converter = make_converter()


def load(path: Path) -> State:
    """The state in the file, or an empty state if the file does not exist."""
    if not path.exists():
        return State()
    return _converter.structure(json.loads(path.read_text()), State)


def save(state: State, path: Path, before: str = "") -> str:
    """Write the state unless its text equals `before`; returns the text.

    The new file is written beside the old one and renamed, so a crash leaves one whole file.
    """
    text = json.dumps(_converter.unstructure(state))
    if text == before:
        return text
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(path.suffix + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    beside.replace(path)
    return text
