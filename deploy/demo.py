"""`make demo`: the local pool and the portal, until Ctrl-C.

The portal gets the variables that README.md lists and nothing else: to it, the local pool is one
more Cognito-shaped endpoint.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from pathlib import Path
from secrets import token_bytes, token_urlsafe

PROJECT = Path(__file__).resolve().parent.parent
STATE = Path(os.environ.get("DEMO_STATE") or PROJECT / ".demo")
PATIENCE_SECONDS = 30

PEOPLE = """\
    ana      nothing is on yet
    ben      an authenticator app is on
    chloe    text messages are on, and an app is set up but off
    dinesh   the phone number is not confirmed
    eva      both are on, and she is asked which one each time
    gina     email codes are on
    hugo     text messages are on, and two apps remember a device
    finn     has to choose a new password first (temporary password Temp-Pass-1!)"""


def main() -> int:
    port, pool_port = ports()
    if os.environ.get("RESET") in {"1", "yes", "true"}:
        reset()
    STATE.mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = portal_environment(port, pool_port)
    # A shell that starts it in the background lets it ignore Ctrl-C; stopping must always work.
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    with contextlib.ExitStack() as running:
        try:
            manage(environment, "migrate", "--verbosity", "0")
            manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
            pool = start("pool", pool_command(port, pool_port), environment, running)
            portal = start("portal", portal_command(), environment, running)
            wait_for(f"http://localhost:{pool_port}/outbox.json", pool)
            wait_for(f"http://localhost:{port}/healthz", portal)
            print(welcome(port, pool_port), flush=True)
            while pool.poll() is None and portal.poll() is None:
                time.sleep(0.5)
            print(f"One of the two has stopped. {STATE}/*.log says why.")
            return 1
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # Once is enough.
            print("\nStopping both.")
            return 0
        except subprocess.CalledProcessError:
            return 1
        except TimeoutError as error:
            print(error)
            return 1


def reset() -> None:
    """Forget what the demo made, and nothing else that may lie in its folder."""
    shutil.rmtree(STATE / "static", ignore_errors=True)
    for pattern in ("portal.sqlite3*", "pool.json*", "*.log", "secret-key", "token-keys"):
        for path in STATE.glob(pattern):
            path.unlink()


def ports() -> tuple[int, int]:
    """PORT and POOL_PORT, free and different, or the end with a plain message."""
    try:
        port = int(os.environ.get("PORT") or 8000)
        pool_port = int(os.environ.get("POOL_PORT") or 9500)
    except ValueError:
        sys.exit("PORT and POOL_PORT are numbers, such as 8001.")
    if port == pool_port:
        sys.exit("PORT and POOL_PORT must differ: the portal and its pool need one each.")
    for name, number in (("PORT", port), ("POOL_PORT", pool_port)):
        if is_taken(number):
            sys.exit(
                f"Port {number} is taken by another program. "
                f"Stop that program, or choose another port: make demo {name}={number + 1}"
            )
    return port, pool_port


def is_taken(port: int) -> bool:
    """Tell whether somebody listens there, on either of the addresses that `localhost` may mean."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with contextlib.suppress(OSError), socket.socket(family) as probe:
            probe.settimeout(1)
            if probe.connect_ex((host, port)) == 0:
                return True
    return False


def portal_environment(port: int, pool_port: int) -> dict[str, str]:
    """Return the variables that an operator would set for a pool on this machine."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    pool_url = f"http://localhost:{pool_port}"
    return kept | {
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PORTAL_URL": f"http://localhost:{port}",
        "PORTAL_BIND": f"127.0.0.1:{port}",
        "PORTAL_DATABASE": str(STATE / "portal.sqlite3"),
        "PORTAL_STATIC_ROOT": str(STATE / "static"),
        "PORTAL_SECRET_KEY_FILE": str(secret("secret-key", token_urlsafe(64))),
        "PORTAL_TOKEN_KEYS_FILE": str(
            secret("token-keys", urlsafe_b64encode(token_bytes(32)).decode())
        ),
        "COGNITO_REGION": "eu-central-1",
        "COGNITO_USER_POOL_ID": "eu-central-1_LocalPool",
        "COGNITO_CLIENT_ID": "localportalclient000000000",
        "COGNITO_DOMAIN": pool_url,
        "COGNITO_ENDPOINT_URL": pool_url,
        # Credentials of the usual AWS kind: the portal reads the pool's MFA settings with them.
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    }


def secret(name: str, fresh: str) -> Path:
    """A file with a secret, made once and readable by its owner alone."""
    path = STATE / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(fresh, encoding="utf-8")
    return path


def pool_command(port: int, pool_port: int) -> list[str]:
    portal_url = f"http://localhost:{port}"
    return [
        *(sys.executable, "-m", "localpool", "--port", str(pool_port), "--people", "demo"),
        *("--state", str(STATE / "pool.json")),
        *("--callback-url", f"{portal_url}/sign-in/callback/"),
        *("--callback-url", f"{portal_url}/passkeys/back/"),
        *("--sign-out-url", f"{portal_url}/signed-out/"),
    ]


def portal_command() -> list[str]:
    return [sys.executable, "-m", "gunicorn", "--config", str(PROJECT / "deploy/gunicorn.conf.py")]


def manage(environment: dict[str, str], *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *arguments], env=environment, cwd=PROJECT, check=True
    )


def start(
    name: str, command: list[str], environment: dict[str, str], running: contextlib.ExitStack
) -> subprocess.Popen[bytes]:
    """Start a program that is stopped, and waited for, however the demo ends."""
    log = running.enter_context((STATE / f"{name}.log").open("ab"))
    process = subprocess.Popen(
        command, env=environment, cwd=PROJECT, stdout=log, stderr=log, start_new_session=True
    )
    running.callback(stop, process)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        try:
            # A fixed http address on this machine.
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - see above
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{url} does not answer. {STATE}/*.log says why.")


def welcome(port: int, pool_port: int) -> str:
    return f"""
  The portal:                          http://localhost:{port}
  Text messages, mails, app codes:     http://localhost:{pool_port}/outbox

  Who can sign in (password Demo-Pass-1!), and how they were when the demo was new:
{PEOPLE}
    or "Continue with ExampleCorp" for somebody whom another provider signs in

  Ctrl-C stops both. People and settings are kept; RESET=1 make demo starts afresh.
"""


if __name__ == "__main__":
    sys.exit(main())
