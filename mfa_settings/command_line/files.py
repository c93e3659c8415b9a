"""Arguments that name a file."""

import os
from pathlib import Path
from typing import Final

_PREFIX: Final = "file://"


class Unloadable(Exception):
    """The file that an argument names can't be read. The text is the AWS CLI's."""


def load(text: str) -> str:
    """What is in the file that `text` names, or `text` itself. Raises Unloadable.

    `http://` and `https://` are not fetched, as the AWS CLI does not from version 2 on.
    """
    if not text.startswith(_PREFIX):
        return text
    path = os.path.expandvars(text.removeprefix(_PREFIX))
    try:
        return Path(path).expanduser().read_text(encoding="utf-8")
    except UnicodeDecodeError:
        reason = (
            f"({path}), text contents could not be decoded.  If this is a binary file, please use "
            "the fileb:// prefix instead of the file:// prefix."
        )
    except (OSError, ValueError, RuntimeError) as error:
        reason = f"{text}: {error}"
    raise Unloadable(f"Unable to load paramfile {reason}")
