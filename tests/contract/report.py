"""The answers as Markdown that can be pasted into an issue, with ids and tokens masked."""

import re
from dataclasses import dataclass

from .people import NEEDS_A_PERSON
from .scenarios import Answer, Question

_MASKED = (
    (re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d_[A-Za-z0-9]+"), "POOL_ID"),
    (re.compile(r"arn:aws[\w-]*:\S+"), "ARN"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "UUID"),
    (re.compile(r"\beyJ[\w.-]+"), "TOKEN"),
    (re.compile(r"\b[a-z0-9]{26}\b"), "CLIENT_ID"),
)


@dataclass(frozen=True)
class Outcome:
    """`answer` is None when there was none, and `why` says so."""

    question: Question
    answer: Answer | None
    why: str = ""

    @property
    def by_hand(self) -> bool:
        """Only a browser at managed login answers it, and that is for a person."""
        return self.answer is None and self.why == self.question.how != ""


def masked(text: str) -> str:
    for pattern, instead in _MASKED:
        text = pattern.sub(instead, text)
    return text


def _cell(text: str) -> str:
    return masked(text).replace("|", "\\|").replace("\n", " ")


def markdown(outcomes: list[Outcome], where: str) -> str:
    lines = [f"## What {where} answered", "", "| row | question | answer | evidence |",
             "|---|---|---|---|"]  # fmt: skip
    put = [each for each in outcomes if not each.by_hand]
    for each in put:
        given = f"**{_cell(each.answer.given)}**" if each.answer else "no answer"
        evidence = each.answer.evidence if each.answer else each.why
        asks = f"{each.question.asks} (`{each.question.name}`)"
        lines.append(f"| §{each.question.row} | {asks} | {given} | {_cell(evidence)} |")
    lines += ["", "### Needs a person", "", "| row | question | how |", "|---|---|---|"]
    by_hand = [each.question for each in outcomes if each.by_hand]
    lines += [f"| §{each.row} | {each.asks} (`{each.name}`) | {each.how} |" for each in by_hand]
    lines += [f"| §{each.row} | {each.asks} | {each.how} |" for each in NEEDS_A_PERSON]
    answered = sum(each.answer is not None for each in put)
    return "\n".join([*lines, "", f"{answered} of {len(put)} questions were answered.", ""])
