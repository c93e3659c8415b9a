"""Reads the AWS CLI's shorthand: `Enabled=true,PreferredMfa=true`.

    parameter = pair *("," pair)
    pair      = key ("=" / "@=") values         ; "@=" reads a file that the value names
    values    = value *("," value) / list / hash
    list      = "[" [item *("," item)] "]"
    hash      = "{" [pair *("," pair)] "}"

The command needs two words of it, but it must refuse the rest with the AWS CLI's own answer, and so
it reads all of it. The parser goes back at a comma: `a=b,c=d` looks like a list up to its second
`=`.

https://docs.aws.amazon.com/cli/v1/userguide/cli-usage-shorthand.html
https://github.com/aws/aws-cli/blob/develop/awscli/shorthand.py
"""

import re
from collections.abc import Callable, Iterator
from typing import Final, TypeAlias, TypeVar

Value: TypeAlias = "str | list[Value] | dict[str, Value]"
Load = Callable[[str], str]
_Item = TypeVar("_Item")

_SPACES: Final = re.compile(r"\s*", re.ASCII)
_KEY: Final = re.compile(r"[\w.#/:-]*", re.ASCII)
# A bare word. The first of a list may hold "=", the later ones may hold brackets.
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
    """The text has another character than the grammar needs here."""


def parse(text: str, *, load: Load) -> dict[str, Value]:
    """The members that the text holds. `load` returns the file's text for a value after "@=".

    Raises NotShorthand, RecursionError for brackets without end, and what `load` raises.
    """
    return _Reader(text, load).parameter()


class _Reader:
    """One pass over `text`; `at` is the next position to read."""

    def __init__(self, text: str, load: Load) -> None:
        self.text, self.at, self.load = text, 0, load
        self.names_a_file = False

    def parameter(self) -> dict[str, Value]:
        read: dict[str, Value] = {}
        ended = 0
        while True:
            key, value = self._pair(self._values)
            if key in read:
                raise NotShorthand(
                    f'Second instance of key "{key}" encountered for input:\n'
                    f'{self._shown(ended + 1)}\nThis is often because there is a preceding "," '
                    "instead of a space."
                )
            read[key] = value
            ended = self.at
            if not self._now:
                return read
            self._expect(",", spaced=True)

    def _pair(self, values: Callable[[], Value]) -> tuple[str, Value]:
        key = self._take(_KEY)
        self._take(_SPACES)
        self.names_a_file = self._now == "@"
        if self.names_a_file:
            self._expect("@", spaced=True)
        self._expect("=", spaced=True)
        return key, values()

    def _values(self) -> Value:
        return self._item() if self._now in {"[", "{"} else self._words()

    def _words(self) -> Value:
        words: list[Value] = [self._word(_FIRST) or ""]
        self._take(_SPACES)
        if self._now != ",":
            return words[0]
        self._expect(",", spaced=True)
        while True:
            try:
                word = self._word(_LATER)
                if word is None:
                    raise self._unexpected("<second>", "<none>")
                self._take(_SPACES)
                if not self._now:
                    words.append(word)
                    break
                self._expect(",", spaced=True)
                words.append(word)
            except _Unexpected:
                if not self._now:
                    raise
                # This word is the key of the next pair: go back to the comma before it.
                self.at = self.text.rindex(",", 0, self.at + 1)
                break
        return words if len(words) > 1 else words[0]

    def _item(self) -> Value:
        if self._now == "[":
            return list(self._between("[", "]", self._item))
        if self._now == "{":
            return dict(self._between("{", "}", lambda: self._pair(self._item)))
        return self._word(_FIRST) or ""

    def _between(self, begin: str, end: str, read: Callable[[], _Item]) -> Iterator[_Item]:
        self._expect(begin, spaced=True)
        while self._now != end:
            yield read()
            self._take(_SPACES)
            if self._now != end:
                self._expect(",")
                self._take(_SPACES)
        self._expect(end)

    def _word(self, bare: re.Pattern[str]) -> str | None:
        """The quoted word, or the one that `bare` matches; None for neither."""
        mark = self._now
        name, pattern = _QUOTED.get(mark, ("", bare))
        word = self._take(pattern)
        if not word:
            if name:
                raise self._unexpected(f"<{name}>", "<none>")
            return None
        if name:
            word = word[1:-1].replace(f"\\{mark}", mark).replace("\\\\", "\\")
        else:
            word = word.replace("\\,", ",").rstrip()
        return self.load(word) if self.names_a_file else word

    @property
    def _now(self) -> str:
        """The next character, or "" at the end."""
        return self.text[self.at : self.at + 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Reads the text that the pattern matches here, perhaps none."""
        found = pattern.match(self.text, self.at)
        text = found[0] if found else ""
        self.at += len(text)
        return text

    def _expect(self, mark: str, *, spaced: bool = False) -> None:
        if spaced:
            self._take(_SPACES)
        if self._now != mark:
            raise self._unexpected(mark, self._now or "EOF")
        self.at += 1
        if spaced:
            self._take(_SPACES)

    def _unexpected(self, expected: str, received: str) -> _Unexpected:
        return _Unexpected(
            f"Expected: '{expected}', received: '{received}' for input:\n{self._shown(self.at)}"
        )

    def _shown(self, at: int) -> str:
        """The text with a mark under the position `at`; its later lines follow below the mark."""
        line_begins = self.text.rfind("\n", 0, at) + 1
        line_ends = self.text.find("\n", at)
        line_ends = len(self.text) if line_ends < 0 else line_ends
        mark = f"{' ' * (at - line_begins)}^"
        return f"{self.text[:line_ends]}\n{mark}{self.text[line_ends:]}"
