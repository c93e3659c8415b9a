"""Calls to a local pool of this process, answered by its app without a socket between them.

botocore, requests and the pool write and read the same bytes as over a socket, and are called in
the thread that asks. `@pytest.mark.real_socket` sends a test's calls through one; so does, in any
test, a fault that cuts a connection or keeps somebody waiting.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.client import HTTPResponse
from io import BytesIO
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import botocore
import requests
import urllib3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.loaders import Loader, create_loader
from botocore.session import Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict
from werkzeug.test import run_wsgi_app

import localpool

_servers: dict[str, localpool.PoolServer] = {}


def install() -> None:
    """Once in a process, before a client is made: all clients of boto3 and sessions of requests
    that come after it look here first."""
    botocore.register_initializer(_listen)
    # What each new session mounts.
    vars(requests.sessions)["HTTPAdapter"] = _Adapter


@cache
def _models() -> Loader:
    return create_loader()


@contextmanager
def in_process(server: localpool.PoolServer) -> Iterator[None]:
    """This server's calls need no socket in the block."""
    _servers[server.url] = server
    try:
        yield
    finally:
        _servers.pop(server.url, None)


@contextmanager
def real_socket() -> Iterator[None]:
    """All calls go through sockets in the block."""
    before = dict(_servers)
    _servers.clear()
    try:
        yield
    finally:
        _servers.update(before)


def _listen(session: Session) -> None:
    # Reading the model of the service takes longer than most tests do.
    session.register_component("data_loader", _models())
    session.register("before-send.cognito-idp", _answer_botocore)


def _answer_botocore(**sent: Any) -> Any:
    """None sends the request on its way, as botocore has it."""
    request: AWSPreparedRequest = sent["request"]
    url = str(request.url)
    if (server := _server_of(url)) is None:
        return None
    answer = _answer(server, str(request.method), url, request.headers, request.body)
    return AWSResponse(url, answer.status, cast(Any, answer.headers), answer)


class _Adapter(HTTPAdapter):
    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        url = str(request.url)
        if (server := _server_of(url)) is None:
            return super().send(request, *args, **more)
        answer = _answer(server, str(request.method), url, request.headers, request.body)
        return self.build_response(request, answer)


def _server_of(url: str) -> localpool.PoolServer | None:
    parts = urlsplit(url)
    server = _servers.get(f"{parts.scheme}://{parts.netloc}")
    waiting = server.faults.waiting() if server else []
    return None if any(fault.answer == "drop" or fault.seconds for fault in waiting) else server


def _answer(
    server: localpool.PoolServer, method: str, url: str, headers: Any, body: Any
) -> urllib3.HTTPResponse:
    """What the server would have written to the connection, read as from there."""
    parts = urlsplit(url)
    content = body.encode() if isinstance(body, str) else body or b""
    asked: dict[str, Any] = (
        {"HTTP_HOST": parts.netloc}
        | {
            f"HTTP_{name.upper().replace('-', '_')}": _text(value)
            for name, value in headers.items()
        }
        | {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(parts.path, "latin-1") or "/",
            "QUERY_STRING": parts.query,
            "SERVER_NAME": parts.hostname,
            "SERVER_PORT": str(parts.port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": _text(headers.get("Content-Type", "")),
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": BytesIO(content),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
        }
    )
    chunks, status, said = run_wsgi_app(server.app, asked, buffered=True)
    written = b"".join(chunks)
    said.setdefault("Content-Length", str(len(written)))
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in said.items())]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    read = HTTPResponse(cast(Any, _Connection(head + written)), method=method)
    read.begin()
    return urllib3.HTTPResponse(
        read,
        HTTPHeaderDict(read.msg.items()),
        read.status,
        preload_content=False,
        original_response=cast(Any, read),
        request_method=method,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


class _Connection:
    """As much of a socket as http.client reads from."""

    def __init__(self, written: bytes) -> None:
        self._written = written

    def makefile(self, *_: Any) -> BytesIO:
        return BytesIO(self._written)
