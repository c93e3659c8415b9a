"""What goes wrong around a press of a button: the answers that break."""

from dataclasses import dataclass

from localpool import Fault

READS = ("GetUser", "GetUserAuthFactors")


@dataclass(frozen=True)
class Trouble:
    """A fault at the write (or `at`), `times` in a row."""

    name: str
    answer: str = "normal"
    done: bool | None = None
    code: str = "InternalErrorException"
    status: int = 500
    times: int = 1
    at: str = ""

    @property
    def can_be_seen_through(self) -> bool:
        """By a read. Where none tells what a yes has done, it can only be believed."""
        return self.done is not False

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def fault(self, operation: str) -> Fault:
        return Fault(
            on=self.at or operation,
            answer=self.answer,
            done=self.done,
            code=self.code,
            status=self.status,
            times=self.times,
            message="Played by the machine",
        )


BUSY = {"answer": "error", "code": "TooManyRequestsException", "status": 400}
TROUBLES = (
    Trouble("the answer is lost after the write", "drop", done=True, times=2),
    Trouble("the first answer is lost after the write", "drop", done=True),
    Trouble("an error after the write", "error", done=True, times=2),
    Trouble("an error before the write", "error", times=2),
    Trouble("an error at first", "error"),
    Trouble("the body is cut", "truncated", times=2),
    Trouble("somebody else's page", "html", times=2),
    Trouble("a yes and nothing done", "normal", done=False, times=2),
    Trouble("too many requests", **BUSY, times=2),  # type: ignore[arg-type]
    Trouble("the limit is reached", "error", code="LimitExceededException", status=400),
    Trouble("it can't be read", "error", at="GetUser", times=9),
    Trouble("it can't be read at first", "html", at="GetUser", times=2),
    Trouble("the other read is cut", "truncated", at="GetUserAuthFactors", times=2),
    Trouble("everything fails", "error", at="*", times=40),
    Trouble("every answer is lost", "drop", done=True, at="*", times=40),
)
# An answer that says something else than what was done.
MISLEADING = tuple(trouble for trouble in TROUBLES if trouble.done is not None)
