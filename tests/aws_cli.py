"""The real AWS CLI, in an environment of its own since it pins a botocore of its own."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def executable() -> str:
    own = Path(__file__).parents[1] / ".venv-aws/bin/aws"
    named = os.environ.get("AWS_CLI")
    found = named or (str(own) if own.exists() else shutil.which("aws"))
    if not found or not shutil.which(found):
        pytest.fail("No AWS CLI: set AWS_CLI to one, or run `make test`, which installs it")
    return found


def environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
    }


def run(
    operation: str, *arguments: str, url: str, home: Path
) -> "subprocess.CompletedProcess[str]":
    """`aws cognito-idp OPERATION …` against this endpoint, whatever comes of it."""
    return subprocess.run(
        [executable(), "cognito-idp", operation, "--endpoint-url", url, *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
