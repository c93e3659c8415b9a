"""`python -m tests.contract`: put every open question to a pool and print what it answered.

ENDPOINT=local starts a local pool, ENDPOINT=http://… asks one that runs; without it, AWS in REGION
is asked with the usual credentials. Exit code 0: every question got an answer.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from . import accounts, hosted, newer, passkeys, signing_in
from .ground import Ground, OutOfReach, cleared
from .report import Outcome, markdown
from .scenarios import QUESTIONS, Question

BUILT = (accounts, hosted, newer, passkeys, signing_in)  # importing them adds their questions
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def ground_at(endpoint: str | None, region: str, environment: dict[str, str]) -> Ground:
    """A pool on this machine takes any credentials and any ARN; AWS takes the caller's."""
    local = endpoint is not None and urlsplit(endpoint).hostname in _LOOPBACK
    keys: Any = {"aws_access_key_id": "any", "aws_secret_access_key": "any"} if local else {}
    aws = boto3.client(
        "cognito-idp", region_name=region, endpoint_url=endpoint,
        config=Config(retries={"mode": "standard", "total_max_attempts": 5}), **keys,
    )  # fmt: skip
    role, identity = environment.get("SMS_ROLE_ARN"), environment.get("SES_IDENTITY_ARN")
    if local:
        role = role or "arn:aws:iam::123456789012:role/texts"
        identity = identity or "arn:aws:ses:eu-central-1:123456789012:identity/example.com"
    return Ground(aws, endpoint if local else None, role, identity)


def put(question: Question, ground: Ground) -> Outcome:
    """One question, on pools of its own that go away before the next."""
    if question.how and ground.local is None:
        return Outcome(question, None, question.how)
    try:
        return Outcome(question, question.put(ground))
    except OutOfReach as beyond:
        return Outcome(question, None, str(beyond))
    except ClientError as refused:
        error = refused.response["Error"]
        if error.get("Code") in ("UnknownOperationException", "UnknownOperation"):
            return Outcome(question, None, "the operation is not built here")
        words = f"{refused.operation_name}: {error.get('Code')}: {error.get('Message')}"
        return Outcome(question, None, f"stopped on the way: {words}")
    except (BotoCoreError, KeyError, StopIteration) as broken:
        return Outcome(question, None, f"stopped on the way: {broken!r}")
    finally:
        ground.clear()


def run(ground: Ground) -> list[Outcome]:
    with cleared(ground, say):
        return [put(question, ground) for question in QUESTIONS]


def plan(region: str) -> str:
    by_hand = sum(1 for question in QUESTIONS if question.how)
    questions = len(QUESTIONS) - by_hand
    return (
        f"This will ask Amazon Cognito in {region} {questions} questions, and leaves {by_hand} to "
        f"a person. It creates and deletes about {questions} user pools, one at a time, named "
        "contract-…, with one app client and one person each. It touches nothing that it did not "
        "create. It sends no text message, and at most four mails, all to the SES mailbox "
        "simulator. "
        "Cost: below one US dollar (some 50 monthly active users). It takes about fifteen minutes."
    )


def agreed(environment: dict[str, str]) -> bool:
    if environment.get("YES") == "1":
        return True
    say("Type yes to begin:")
    return sys.stdin.readline().strip().lower() == "yes"


@contextmanager
def endpoint_of(named: str | None) -> Iterator[str | None]:
    if named != "local":
        yield named or None
        return
    import localpool

    with localpool.serve() as server:
        yield server.url


def main() -> int:
    environment = dict(os.environ)
    region = environment.get("REGION", "")
    named = environment.get("ENDPOINT")
    if not named and not region:
        say("Give REGION=… for AWS, or ENDPOINT=local.")
        return 2
    with endpoint_of(named) as endpoint:
        ground = ground_at(endpoint, region or "eu-central-1", environment)
        if ground.local is None:
            say(plan(endpoint or region))
            if not agreed(environment):
                say("Nothing was created.")
                return 2
        # A stop by a supervisor cleans up as Ctrl-C does.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            outcomes = run(ground)
        except KeyboardInterrupt:
            say("Stopped.")
            return 130
        sys.stdout.write(markdown(outcomes, endpoint or f"Amazon Cognito in {region}"))
        return 0 if all(outcome.answer or outcome.by_hand for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
