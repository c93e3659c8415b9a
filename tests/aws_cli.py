"""The real AWS CLI, in an environment of its own since it pins a botocore of its own."""

import atexit
import json
import os
import shutil
import subprocess
from functools import cache
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


# Its interpreter has read and made everything once; each call is a new process all the same.
_FORKS = """
import json, os, sys
import awscli.clidriver
awscli.clidriver.create_clidriver()
for line in sys.stdin:
    asked = json.loads(line)
    if (child := os.fork()) == 0:
        for descriptor, path in enumerate([os.devnull, asked["out"], asked["err"]]):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), descriptor)
        # It names the place of its data here when it is imported.
        env = {"AWS_DATA_PATH": os.environ["AWS_DATA_PATH"], **asked["env"]}
        os.environ.clear()
        os.environ.update(env)
        sys.argv = ["aws", *asked["arguments"]]
        try:
            code = awscli.clidriver.main()
        except SystemExit as leaving:
            code = leaving.code or 0
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@cache
def _started(python: Path) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [python, "-c", _FORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(process.wait)
    atexit.register(process.communicate)  # The last one registered runs first: it ends the input.
    return process


def run_again(
    operation: str, *arguments: str, url: str, home: Path
) -> "subprocess.CompletedProcess[str]":
    """What `run` does, without its start, which takes most of its time."""
    python = Path(executable()).with_name("python")
    if not python.exists():
        return run(operation, *arguments, url=url, home=home)
    out, err = home / "aws.out", home / "aws.err"
    asked = {
        "arguments": ["cognito-idp", operation, "--endpoint-url", url, *arguments],
        "env": environment(home),
        "out": str(out),
        "err": str(err),
    }
    process = _started(python)
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    code = int(process.stdout.readline())
    return subprocess.CompletedProcess(operation, code, out.read_text(), err.read_text())
