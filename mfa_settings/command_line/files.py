"""Reads the files that arguments name."""

import os
from pathlib import Path
from typing import Final

_PREFIX: Final = "file://"


class Unloadable(Exception):
    """An argument names a file that can't be read. The text is the AWS CLI's."""


def load(text: str) -> str:
    """Returns the content of the file that `text` names, or `text` itself. Raises Unloadable.

    Does not fetch `http://` and `https://`; nor does the AWS CLI from version 2 on.
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
