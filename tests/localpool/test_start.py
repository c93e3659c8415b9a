"""`python -m localpool`: the demo's people, the state file, and where it refuses to start."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

import localpool
from localpool import PoolServer, demo_pool
from localpool.__main__ import main, why_not_here
from tests.localpool.stage import ADMIN, CALLBACK, SIGNED_OUT, Browser, Stage, aws_client

PASSWORD = "Demo-Pass-1!"
POOL, CLIENT = "eu-central-1_LocalPool", "localportalclient000000000"


@pytest.fixture(scope="module")
def demo_server() -> Iterator[PoolServer]:
    with localpool.serve() as server:
        demo_pool.demo(server.world, [CALLBACK], [SIGNED_OUT])
        yield server


@pytest.fixture
def demo(demo_server: PoolServer) -> Iterator[Stage]:
    aws = aws_client(demo_server.url)
    yield Stage(demo_server, aws, POOL, CLIENT)
    aws.close()


def test_the_demo_pool_is_as_the_portal_expects_it(demo: Stage) -> None:
    config = demo.aws.get_user_pool_mfa_config(UserPoolId=POOL)
    assert config["MfaConfiguration"] == "OPTIONAL"
    assert config["SoftwareTokenMfaConfiguration"]["Enabled"]
    assert "SmsMfaConfiguration" in config
    assert "EmailMfaConfiguration" in config
    pool = demo.aws.describe_user_pool(UserPoolId=POOL)["UserPool"]
    assert pool["UserPoolTier"] == "ESSENTIALS"
    client = demo.aws.describe_user_pool_client(UserPoolId=POOL, ClientId=CLIENT)["UserPoolClient"]
    assert "ClientSecret" not in client
    assert client["AllowedOAuthScopes"] == ["openid", "email", "phone", "profile", ADMIN]
    assert (client["CallbackURLs"], client["LogoutURLs"]) == ([CALLBACK], [SIGNED_OUT])


@pytest.mark.parametrize(
    ("name", "asked", "on", "preferred", "app"),
    [
        ("ana", None, None, None, False),
        ("ben", "SOFTWARE_TOKEN_MFA", ["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA", True),
        ("chloe", "SMS_MFA", ["SMS_MFA"], "SMS_MFA", True),
        ("dinesh", None, None, None, False),
        ("gina", "EMAIL_OTP", ["EMAIL_OTP"], "EMAIL_OTP", False),
        ("hugo", "SMS_MFA", ["SMS_MFA"], "SMS_MFA", False),
        ("eva", "SELECT_MFA_TYPE", ["SMS_MFA", "SOFTWARE_TOKEN_MFA"], None, True),
    ],
)
def test_each_person_of_the_demo_is_in_their_situation(
    demo: Stage, name: str, asked: str | None, on: Any, preferred: str | None, app: bool
) -> None:
    assert demo.start(name, PASSWORD).get("ChallengeName") == asked
    user = demo.aws.admin_get_user(UserPoolId=POOL, Username=name)
    assert (user.get("UserMFASettingList"), user.get("PreferredMfaSetting")) == (on, preferred)
    assert demo.attributes(name)["phone_number_verified"] == str(name != "dinesh").lower()
    assert bool(demo.server.outbox(POOL, name)["authenticators"]) is app


def test_ana_has_the_number_of_the_story(demo: Stage) -> None:
    assert demo.attributes("ana")["phone_number"] == "+4915123456789"


def test_two_apps_remember_a_device_of_hugos(demo: Stage) -> None:
    listed = demo.aws.admin_list_devices(UserPoolId=POOL, Username="hugo")["Devices"]
    names = {
        attribute["Value"]
        for device in listed
        for attribute in device["DeviceAttributes"]
        if attribute["Name"] == "device_name"
    }
    assert names == {"Old phone", "Living-room tablet"}


def test_finn_has_to_choose_a_password(demo: Stage) -> None:
    assert demo.start("finn", "Temp-Pass-1!")["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def test_the_demo_offers_another_provider(demo: Stage) -> None:
    with requests.Session() as session:
        assert "Continue with ExampleCorp" in Browser(demo, session).go().text


def test_people_and_settings_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "state.json"
    with localpool.serve(state_file=file) as server:
        aws = aws_client(server.url)
        stage = Stage(server, aws).build()
        access = stage.somebody()
        secret = stage.app(access)
        stage.prefer(access, totp=(True, True))
        asked = stage.start()
        aws.close()
        ahead = server.clock.now()
    assert file.stat().st_mode & 0o077 == 0
    with localpool.serve(state_file=file) as server:
        server.clock.advance((ahead - server.clock.now()).total_seconds())
        aws = aws_client(server.url)
        stage.aws, stage.server = aws, server
        assert stage.shown(access) == (["SOFTWARE_TOKEN_MFA"], "SOFTWARE_TOKEN_MFA")
        assert "AuthenticationResult" in stage.answer_code(asked, stage.app_code(secret))
        aws.close()


def test_the_file_is_written_only_when_something_changed(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    with localpool.serve(state_file=file) as server:
        aws = aws_client(server.url)
        Stage(server, aws).build()
        before = file.stat()
        aws.list_user_pools(MaxResults=1)
        aws.close()
        assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert list(tmp_path.iterdir()) == [file]


Start = Callable[..., tuple["subprocess.Popen[str]", str]]


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> tuple["subprocess.Popen[str]", str]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [sys.executable, "-m", "localpool", "--port", str(port), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        started.append(process)
        assert process.stdout is not None
        assert f"http://localhost:{port}" in process.stdout.readline()
        return process, f"http://localhost:{port}"

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_the_command_serves_the_demo_and_stops_when_told(start: Start, tmp_path: Path) -> None:
    state = str(tmp_path / "state.json")
    options = ["--people", "demo", "--state", state, "--callback-url", CALLBACK]
    process, url = start(*options)
    assert len(requests.get(f"{url}/outbox.json", timeout=5).json()["authenticators"]) == 3
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    pools = json.loads(Path(state).read_text())["pools"]
    key = pools[POOL]["users"]
    process, _ = start(*options, "--reset", "--sign-out-url", SIGNED_OUT)
    process.send_signal(signal.SIGINT)
    assert process.wait(5) == 0
    pool = json.loads(Path(state).read_text())["pools"][POOL]
    assert pool["users"].keys() != key.keys()
    assert pool["clients"][CLIENT]["settings"]["LogoutURLs"] == [SIGNED_OUT]


def test_a_taken_port_has_a_plain_message(
    server: PoolServer, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", str(server.port)]) == 1
    assert f"port {server.port} is taken" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_URL", "https://localhost:8000"),
        ("PORTAL_URL", "http://account.example.com"),
        ("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE"),
        ("AWS_LAMBDA_FUNCTION_NAME", "portal"),
        ("AWS_LAMBDA_ANYTHING", "x"),
        ("ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4"),
    ],
)
def test_the_command_does_not_start_where_it_looks_like_production(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main([]) == 2
    assert "The local pool does not start: " in capsys.readouterr().err


@pytest.mark.parametrize("url", ["", "http://localhost:8000", "http://127.0.0.1:8000/"])
def test_the_command_starts_beside_a_portal_on_this_machine(url: str) -> None:
    assert why_not_here({"PORTAL_URL": url, "AWS_REGION": "eu-central-1"}) is None


def test_the_server_listens_on_loopback_only(server: PoolServer) -> None:
    assert server._server.server_address[0] == "127.0.0.1"  # noqa: SLF001 - nothing shows it


def test_a_running_server_started_from_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """`main` itself, stopped by a Ctrl-C as soon as it serves."""

    def interrupted(_: PoolServer) -> None:
        raise KeyboardInterrupt

    for name in [name for name in os.environ if name.startswith(("AWS_", "PORTAL_", "ECS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(PoolServer, "run", interrupted)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert main(["--port", "0", "--people", "demo"]) == 0
    finally:
        signal.signal(signal.SIGTERM, before)
