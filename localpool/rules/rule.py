"""A rule of the pool as data: the event, the error code and message, the mark and the source.

Marks: DOC = AWS documentation or botocore's model; SEEN = a real message or behaviour in a public
issue or in AWS's own tests against real pools; INFER = follows from those, nobody states it;
UNKNOWN = no source, or the sources disagree, so a client must be safe either way (see `Switch`).

Sources: `DG/x` is https://docs.aws.amazon.com/cognito/latest/developerguide/x.html; `API/Op` is
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_Op.html; `AJ#n` is
https://github.com/aws-amplify/amplify-js/issues/n; `ASW` is MFAPreferenceTests.swift and
MFASignInTests.swift of aws-amplify/amplify-swift; `BLK` is packages/bb-auth-cognito of
aws-devtools-labs/aws-blocks; `ASA` is AWSMobileClientTest.java of aws-amplify/aws-sdk-android,
run against a real pool; `AJR` is retryOnResourceNotFoundException.ts of aws-amplify/amplify-js;
`floci` its fixtures captured from AWS on 2026-05-16.
"""

from dataclasses import dataclass
from enum import Enum

DOC, SEEN, INFER, UNKNOWN = "DOC", "SEEN", "INFER", "UNKNOWN"
INVALID = "InvalidParameterException"
DENIED = "NotAuthorizedException"


@dataclass(frozen=True)
class Entry:
    """One row of a table; `code` and `message` are empty for a behaviour without an error."""

    happens: str
    mark: str
    source: str
    code: str = ""
    message: str = ""


def error(happens: str, code: str, message: str, mark: str, source: str) -> Entry:
    return Entry(happens, mark, source, code, message)


class Rule(Enum):
    """The base of the tables of rules; the value of a member is its Entry."""

    _value_: Entry


class Refusal(Exception):
    """A rule refuses a request: an AWS error on the wire, a sentence on a page."""

    def __init__(self, rule: Rule, **values: str) -> None:
        self.rule = rule
        self.code = rule.value.code
        self.message = rule.value.message.format(**values)
        super().__init__(f"{self.code}: {self.message}")
