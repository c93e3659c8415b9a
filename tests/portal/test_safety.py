"""R62, R63: an unsafe start is refused with every reason; secrets come from files too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

SAFE = {
    "PORTAL_URL": "https://account.example.com",
    "PORTAL_SECRET_KEY": "".join(chr(33 + n % 90) for n in range(60)),
    "PORTAL_TOKEN_KEYS": Fernet.generate_key().decode(),
    "COGNITO_REGION": "eu-central-1",
    "COGNITO_USER_POOL_ID": "eu-central-1_AbCdEfGhI",
    "COGNITO_CLIENT_ID": "client",
    "COGNITO_DOMAIN": "https://auth.example.com",
}


def start(
    directory: Path, *arguments: str, without: str = "", **environment: str
) -> tuple[int, str]:
    """Run Django's checks as a deployment would, in a process of its own."""
    settings = {name: value for name, value in (SAFE | environment).items() if name != without}
    answer = subprocess.run(
        [sys.executable, "manage.py", "check", *arguments],
        env={"PATH": os.environ["PATH"], "PORTAL_DATABASE": str(directory / "db"), **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode, answer.stdout + answer.stderr


def test_a_safe_production_start_passes_djangos_deployment_checks(tmp_path: Path) -> None:
    code, said = start(tmp_path, "--deploy", "--fail-level", "WARNING")
    assert code == 0, said


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"PORTAL_DEBUG": "1"}, "PORTAL_DEBUG is on"),
        ({"PORTAL_URL": "http://account.example.com"}, "PORTAL_URL is not https"),
        ({"PORTAL_SECRET_KEY": "short"}, "PORTAL_SECRET_KEY is shorter than 50 characters"),
        ({"PORTAL_SECRET_KEY": "x" * 60}, "or too simple"),
        ({"COGNITO_DOMAIN": "http://auth.example.com"}, "COGNITO_DOMAIN is not https."),
        ({"COGNITO_ENDPOINT_URL": "http://x.example"}, "COGNITO_ENDPOINT_URL is not https."),
        ({"COGNITO_MFA": "ON"}, "COGNITO_MFA_FACTORS need each other."),
        ({"COGNITO_MFA_FACTORS": "sms"}, "COGNITO_MFA_FACTORS need each other."),
        ({"COGNITO_ACR_NAMES": "low high"}, "COGNITO_ACR_NAMES takes four different names"),
        ({"COGNITO_ACR_NAMES": "a b c c"}, "COGNITO_ACR_NAMES takes four different names"),
        (
            {"PORTAL_TOKEN_KEYS": f"{SAFE['PORTAL_TOKEN_KEYS']},{SAFE['PORTAL_TOKEN_KEYS']}"},
            "hold the same key twice",
        ),
        ({"PORTAL_THREADS": "many"}, "PORTAL_THREADS is a whole number from 1 to 256, not 'many'."),
        ({"PORTAL_TOKEN_KEYS": ","}, "PORTAL_TOKEN_KEYS is empty"),
    ],
)
def test_an_unsafe_production_start_is_refused_with_its_reason(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    code, said = start(tmp_path, **change)
    assert code != 0
    assert reason in said


def test_every_reason_is_given_at_once(tmp_path: Path) -> None:
    _, said = start(tmp_path, PORTAL_DEBUG="1", PORTAL_SECRET_KEY="short")
    assert "PORTAL_DEBUG" in said
    assert "PORTAL_SECRET_KEY" in said
    _, said = start(tmp_path, without="COGNITO_DOMAIN", COGNITO_REGION="", PORTAL_DEBUG="1")
    assert said.count("\n- ") == 3
    assert "Traceback" not in said


@pytest.mark.parametrize("name", sorted(set(SAFE) - {"PORTAL_URL"}))
def test_a_missing_setting_is_named(tmp_path: Path, name: str) -> None:
    code, said = start(tmp_path, without=name)
    assert code != 0
    assert f"Set {name}." in said


def test_secrets_are_read_from_files_too(tmp_path: Path) -> None:
    secret_file = tmp_path / "secret"
    secret_file.write_text(SAFE["PORTAL_SECRET_KEY"] + "\n")
    code, said = start(
        tmp_path, without="PORTAL_SECRET_KEY", PORTAL_SECRET_KEY_FILE=str(secret_file)
    )
    assert code == 0, said
    _, said = start(tmp_path, PORTAL_SECRET_KEY_FILE=str(secret_file))
    assert "Set PORTAL_SECRET_KEY or PORTAL_SECRET_KEY_FILE, not both." in said
    _, said = start(
        tmp_path, without="PORTAL_SECRET_KEY", PORTAL_SECRET_KEY_FILE=str(tmp_path / "missing")
    )
    assert "PORTAL_SECRET_KEY_FILE can't be read: No such file or directory." in said


def test_what_is_no_flag_or_url_is_named(tmp_path: Path) -> None:
    _, said = start(tmp_path, PORTAL_DEBUG="perhaps")
    assert "PORTAL_DEBUG is yes or no, not 'perhaps'." in said
    _, said = start(tmp_path, COGNITO_MFA="SOMETIMES")
    assert "COGNITO_MFA is one of OFF, OPTIONAL, ON, not 'SOMETIMES'." in said
    _, said = start(tmp_path, COGNITO_MFA="ON", COGNITO_MFA_FACTORS="totp, pigeon")
    assert "COGNITO_MFA_FACTORS takes totp, sms, email, passkey, separated" in said
    assert "but not 'pigeon'." in said
    _, said = start(tmp_path, COGNITO_DOMAIN="auth.example.com")
    assert "COGNITO_DOMAIN is no address like https://account.example.com" in said
