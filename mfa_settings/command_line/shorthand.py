"""The AWS CLI's shorthand: `Enabled=true,PreferredMfa=true`.

    parameter = pair *("," pair)
    pair      = key ("=" / "@=") values         ; "@=" reads a file that the value names
    values    = value *("," value) / list / hash
    list      = "[" [item *("," item)] "]"
    hash      = "{" [pair *("," pair)] "}"

No more than two words of it make sense here, but the rest must be refused with the same answer, so
all of it is read. A comma is read twice: `a=b,c=d` looks like a list until its second `=`.

https://docs.aws.amazon.com/cli/v1/userguide/cli-usage-shorthand.html
"""

import re
import string
from collections.abc import Callable
from typing import Final, TypeAlias

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Load = Callable[[str], str]

_KEY: Final = frozenset(string.ascii_letters + string.digits + "-_.#/:")
# A bare word. The first of a list may hold "=", the ones after it may hold brackets.
_FIRST: Final = re.compile(
    r"(?:\\,|[!#-&(-+\--<>-Z\\-z|-\uffff])(?:\\,|[\s!#-&(-+\--\\^-|~-\uffff])*"
)
_LATER: Final = re.compile(r"(?:\\,|[!#-&(-+\--<>-Z\\-z|-\uffff])(?:\\,|[\s!#-&(-+\--<>-\uffff])*")
_QUOTED: Final = {
    "'": ("singled quoted", re.compile(r"'(?:\\'|[^'])*'")),
    '"': ("double quoted", re.compile(r'"(?:\\"|[^"])*"')),
}


class NotShorthand(Exception):
    """The text is no shorthand; the message shows where, as the AWS CLI words it."""


class _Unexpected(NotShorthand):
    """Something else stands where only `expected` can."""


def parse(text: str, *, load: Load) -> dict[str, Value]:
    """`load` gives the content for a value after "@=", or the value itself.

    Raises NotShorthand, RecursionError for brackets without end, and what `load` raises.
    """
    return _Reader(text, load).parameter()


class _Reader:
    """One pass over `text`; `at` is how far it has come."""

    def __init__(self, text: str, load: Load) -> None:
        self.text, self.at, self.load = text, 0, load
        self.names_a_file = False

    def parameter(self) -> dict[str, Value]:
        key, value = self._pair(self._values)
        read = {key: value}
        ended = self.at
        while self.at < len(self.text):
            self._expect(",", spaced=True)
            key, value = self._pair(self._values)
            if key in read:
                raise NotShorthand(
                    f'Second instance of key "{key}" encountered for input:\n'
                    f'{self._shown(ended + 1)}\nThis is often because there is a preceding "," '
                    "instead of a space."
                )
            read[key] = value
            ended = self.at
        return read

    def _pair(self, values: Callable[[], Value]) -> tuple[str, Value]:
        begin = self.at
        while self._now in _KEY:
            self.at += 1
        key = self.text[begin : self.at]
        self._skip_spaces()
        self.names_a_file = self._now == "@"
        if self.names_a_file:
            self._expect("@", spaced=True)
        self._expect("=", spaced=True)
        return key, values()

    def _values(self) -> Value:
        return self._item() if self._now in {"[", "{"} else self._words()

    def _words(self) -> Value:
        words: list[Value] = [self._first_word()]
        self._skip_spaces()
        if self._now != ",":
            return words[0]
        self._expect(",", spaced=True)
        while True:
            try:
                word = self._later_word()
                self._skip_spaces()
                if not self._now:
                    words.append(word)
                    break
                self._expect(",", spaced=True)
                words.append(word)
            except _Unexpected:
                if not self._now:
                    raise
                # It was the key of the next pair: go back to the comma before it.
                self.at = self.text.rindex(",", 0, self.at + 1)
                break
        return words if len(words) > 1 else words[0]

    def _item(self) -> Value:
        if self._now == "[":
            return self._list()
        return self._hash() if self._now == "{" else self._first_word()

    def _list(self) -> Value:
        items = []
        self._expect("[", spaced=True)
        while self._now != "]":
            items.append(self._item())
            self._to_next("]")
        self._expect("]")
        return items

    def _hash(self) -> Value:
        pairs = {}
        self._expect("{", spaced=True)
        while self._now != "}":
            key, value = self._pair(self._item)
            self._to_next("}")
            pairs[key] = value
        self._expect("}")
        return pairs

    def _to_next(self, end: str) -> None:
        self._skip_spaces()
        if self._now != end:
            self._expect(",")
            self._skip_spaces()

    def _first_word(self) -> str:
        if self._now in _QUOTED:
            return self._quoted()
        found = _FIRST.match(self.text, self.at)
        return self._bare(found) if found else ""

    def _later_word(self) -> str:
        if self._now in _QUOTED:
            return self._quoted()
        found = _LATER.match(self.text, self.at)
        if not found:
            raise self._unexpected("<second>", "<none>")
        return self._bare(found)

    def _bare(self, found: re.Match[str]) -> str:
        self.at = found.end()
        return self._loaded(found[0].replace("\\,", ",").rstrip())

    def _quoted(self) -> str:
        mark = self._now
        name, pattern = _QUOTED[mark]
        found = pattern.match(self.text, self.at)
        if not found:
            raise self._unexpected(f"<{name}>", "<none>")
        self.at = found.end()
        return self._loaded(found[0][1:-1].replace(f"\\{mark}", mark).replace("\\\\", "\\"))

    def _loaded(self, word: str) -> str:
        return self.load(word) if self.names_a_file else word

    @property
    def _now(self) -> str:
        """The character that comes next, or "" at the end."""
        return self.text[self.at : self.at + 1]

    def _skip_spaces(self) -> None:
        while self._now and self._now in string.whitespace:
            self.at += 1

    def _expect(self, mark: str, *, spaced: bool = False) -> None:
        if spaced:
            self._skip_spaces()
        if self._now != mark:
            raise self._unexpected(mark, self._now or "EOF")
        self.at += 1
        if spaced:
            self._skip_spaces()

    def _unexpected(self, expected: str, received: str) -> _Unexpected:
        return _Unexpected(
            f"Expected: '{expected}', received: '{received}' for input:\n{self._shown(self.at)}"
        )

    def _shown(self, at: int) -> str:
        """The text with a mark under one place; the lines after that place come below."""
        line_begins = self.text.rfind("\n", 0, at) + 1
        line_ends = self.text.find("\n", at)
        line_ends = len(self.text) if line_ends < 0 else line_ends
        mark = f"{' ' * (at - line_begins)}^"
        return f"{self.text[:line_ends]}\n{mark}{self.text[line_ends:]}"
