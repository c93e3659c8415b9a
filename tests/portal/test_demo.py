"""`make demo`, as somebody starts it: twice, with what was done in between still there."""

import os
import runpy
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

DEMO = Path(__file__).parent.parent.parent / "deploy" / "demo.py"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def ports() -> dict[str, str]:
    return {"PORT": str(free_port()), "POOL_PORT": str(free_port())}


@contextmanager
def demo(directory: Path, ports: dict[str, str], **more: str) -> Iterator[str]:
    """Start it, wait for its welcome, and press Ctrl-C in the end."""
    process = subprocess.Popen(
        [sys.executable, str(DEMO)],
        env={**os.environ, **ports, "DEMO_STATE": str(directory / "demo"), **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    said = ""
    try:
        for line in process.stdout:
            said += line
            if "Ctrl-C stops both" in line or process.poll() is not None:
                break
        yield said
    finally:
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        process.stdout.close()


def pool_of(ports: dict[str, str]) -> Any:
    return boto3.session.Session().client(
        "cognito-idp",
        region_name="eu-central-1",
        endpoint_url=f"http://localhost:{ports['POOL_PORT']}",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def answers(port: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


ANA = {"UserPoolId": "eu-central-1_LocalPool", "Username": "ana"}


def test_the_demo_runs_keeps_what_was_done_and_leaves_nothing_behind(
    tmp_path: Path, ports: dict[str, str]
) -> None:
    with demo(tmp_path, ports) as said:
        assert f"http://localhost:{ports['PORT']}" in said
        assert f"http://localhost:{ports['POOL_PORT']}/outbox" in said
        assert "Demo-Pass-1!" in said
        page = requests.get(f"http://localhost:{ports['PORT']}/", timeout=10)
        assert "See and change how you sign in" in page.text
        pool_of(ports).admin_set_user_mfa_preference(**ANA, SMSMfaSettings={"Enabled": True})
    assert not answers(ports["PORT"])
    assert not answers(ports["POOL_PORT"])
    with demo(tmp_path, ports):
        assert pool_of(ports).admin_get_user(**ANA)["UserMFASettingList"] == ["SMS_MFA"]
    with demo(tmp_path, ports, RESET="1"):
        assert "UserMFASettingList" not in pool_of(ports).admin_get_user(**ANA)


def test_a_taken_port_gets_a_plain_message(tmp_path: Path, ports: dict[str, str]) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", int(ports["PORT"])))
        squatter.listen()
        with demo(tmp_path, ports) as said:
            assert f"Port {ports['PORT']} is taken by another program." in said
            assert f"make demo PORT={int(ports['PORT']) + 1}" in said
    assert not answers(ports["POOL_PORT"])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"PORT": "eight"}, "PORT and POOL_PORT are numbers"),
        ({"PORT": "8123", "POOL_PORT": "8123"}, "PORT and POOL_PORT must differ"),
    ],
)
def test_ports_that_can_not_be_used_get_a_plain_message(
    tmp_path: Path, given: dict[str, str], message: str
) -> None:
    with demo(tmp_path, given) as said:
        assert message in said
        assert "Traceback" not in said


def test_the_demo_gives_the_portal_documented_variables_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the demo needs, an operator can have as well."""
    monkeypatch.setenv("DEMO_STATE", str(tmp_path))
    module = runpy.run_path(str(DEMO))
    readme = (DEMO.parent.parent / "README.md").read_text()
    documented = readme + (DEMO.parent / "README.md").read_text()
    given = module["portal_environment"](8000, 9500)
    of_aws = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    of_the_system = {"PATH", "HOME", "LANG", "DJANGO_SETTINGS_MODULE"}
    for name in set(given) - of_aws - of_the_system:
        assert name.removesuffix("_FILE") in documented
