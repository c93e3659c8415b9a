"""Starting it for real: one announcement, or every reason why not, in words."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.portal.test_demo import free_port
from tests.portal.test_safety import SAFE

ASKING = "from django.conf import settings; print('threads =', settings.COGNITO.threads)"


def environment(directory: Path, **more: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "AWS_EC2_METADATA_DISABLED": "true",
        "PORTAL_DATABASE": str(directory / "db"),
        "PORTAL_STATIC_ROOT": str(directory / "static"),
        "PORTAL_BIND": f"127.0.0.1:{free_port()}",
        **SAFE,
        **more,
    }


def prepare(directory: Path) -> None:
    for command in (["migrate", "-v0"], ["collectstatic", "--no-input", "-v0"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], env=environment(directory), check=True
        )


def start(directory: Path, **more: str) -> str:
    """What gunicorn says until it serves, or gives up."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"],
        env=environment(directory, **more),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        if "What the pool allows" in line or "COGNITO_MFA_FACTORS.\n" in line:
            process.send_signal(signal.SIGTERM)
    process.wait(timeout=20)
    process.stderr.close()
    return said


def test_it_says_what_is_missing_before_it_can_serve(tmp_path: Path) -> None:
    said = start(tmp_path)
    assert "The database is not up to date: run manage.py migrate." in said
    assert "run manage.py collectstatic --no-input." in said
    assert "Traceback" not in said


def test_it_says_what_it_serves_and_where_the_policy_comes_from(tmp_path: Path) -> None:
    prepare(tmp_path)
    said = start(tmp_path, COGNITO_MFA="OPTIONAL", COGNITO_MFA_FACTORS="totp,sms")
    assert "The portal serves https://account.example.com for the user pool eu-central-1_" in said
    assert "comes from the settings: OPTIONAL, totp, sms." in said
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y"}
    assert "is read from the pool with the AWS credentials" in start(tmp_path, **keys)
    assert "WARNING: what the pool allows is not known" in start(tmp_path)


def test_one_setting_says_how_many_threads_there_are_and_how_many_of_them_ask_the_pool(
    tmp_path: Path,
) -> None:
    for program in (
        ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--print-config"],
        ["manage.py", "shell", "--no-imports", "-v0", "-c", ASKING],
    ):
        said = subprocess.run(
            [sys.executable, *program],
            env=environment(tmp_path, PORTAL_THREADS="5"),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert ["threads", "=", "5"] in [line.split() for line in said.splitlines()]


def test_a_bad_setting_stops_gunicorn_with_words(tmp_path: Path) -> None:
    said = start(tmp_path, PORTAL_DEBUG="1")
    assert "PORTAL_DEBUG is on" in said
    assert "Traceback" not in said
