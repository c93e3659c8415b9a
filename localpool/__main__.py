"""`python -m localpool`: the pool of the demo, on this machine only."""

import argparse
import os
import signal
import sys
from pathlib import Path
from urllib.parse import urlsplit

from localpool import demo_pool
from localpool.wire.server import PoolServer, PortTaken

_ON_AWS = (
    "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_RUNTIME_API",
    "ECS_CONTAINER_METADATA_URI", "ECS_CONTAINER_METADATA_URI_V4",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
)  # fmt: skip


def why_not_here(environment: dict[str, str]) -> str | None:
    """The reason not to start, if the environment looks like production, else None."""
    found = sorted(name for name in environment if name in _ON_AWS or name.startswith("AWS_LAMBDA"))
    if found:
        return f"this looks like AWS ({found[0]} is set)"
    portal = environment.get("PORTAL_URL", "")
    parts = urlsplit(portal)
    if portal and (parts.scheme, parts.hostname) not in (
        ("http", "localhost"), ("http", "127.0.0.1"), ("http", "::1")
    ):  # fmt: skip
        return f"PORTAL_URL is {portal}, which is not this machine"
    return None


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m localpool", description=__doc__)
    parser.add_argument("--port", type=int, default=9500)
    parser.add_argument("--state", type=Path, help="file that people and settings survive in")
    parser.add_argument("--reset", action="store_true", help="forget what is in the file")
    parser.add_argument("--people", choices=["demo"], help="make the demo's pool and people")
    parser.add_argument("--callback-url", action="append", default=[])
    parser.add_argument("--sign-out-url", action="append", default=[])
    return parser.parse_args(given)


def _print_error(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def main(given: list[str] | None = None) -> int:
    wanted = _arguments(sys.argv[1:] if given is None else given)
    reason = why_not_here(dict(os.environ))
    if reason:
        _print_error(f"The local pool does not start: {reason}.")
        return 2
    if wanted.reset and wanted.state:
        wanted.state.unlink(missing_ok=True)
    try:
        server = PoolServer(wanted.port, wanted.state)
    except PortTaken:
        _print_error(f"The local pool does not start: port {wanted.port} is taken.")
        return 1
    if wanted.people:
        demo_pool.demo(server.world, wanted.callback_url, wanted.sign_out_url)
    server.keep()
    try:
        # A shell that starts it in the background lets it ignore Ctrl-C.
        for stop in (signal.SIGINT, signal.SIGTERM):
            signal.signal(stop, signal.default_int_handler)
        sys.stdout.write(f"Local pool: {server.url}, messages and codes: {server.url}/outbox\n")
        sys.stdout.flush()
        server.run()
    except KeyboardInterrupt:
        pass
    finally:
        server.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
