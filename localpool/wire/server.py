"""The server around the app: loopback only, threads, open connections, the snapshot file.

`serve` embeds it in a test; `python -m localpool` runs it for the demo.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from localpool.state.outbox import as_json
from localpool.state.records import Json, State
from localpool.state.snapshot import load, save
from localpool.state.world import World
from localpool.wire import faults
from localpool.wire.app import create_app


class _Handler(WSGIRequestHandler):
    """Keeps connections open, as AWS does; Werkzeug's own closes each and waits 10 ms to do so."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        environ["wsgi.input"] = BytesIO(self.rfile.read(int(self.headers["Content-Length"] or 0)))
        chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        body = b"".join(chunks)
        if faults.DROP in headers:
            self.close_connection = True
            return
        self.send_response_only(int(status.partition(" ")[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)


class PortTaken(Exception):
    """Another program listens on this port."""


class _Threaded(ThreadedWSGIServer):
    """Knows its open connections, so that stopping leaves none behind."""

    daemon_threads = True

    def __init__(self, port: int, app: Any) -> None:
        self.open: set[Any] = set()
        super().__init__("127.0.0.1", port, app, handler=_Handler)

    def server_bind(self) -> None:
        """Errors: PortTaken (for an OSError, Werkzeug would end the process)."""
        try:
            super().server_bind()
        except OSError as taken:
            self.server_close()
            raise PortTaken from taken

    def process_request(self, request: Any, client_address: Any) -> None:
        self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def close(self) -> None:
        for connection in list(self.open):
            self.shutdown_request(connection)
        self.server_close()


class PoolServer:
    """A running (or about to run) local pool, as tests and the demo hold it."""

    def __init__(self, port: int = 0, state_file: Path | str | None = None) -> None:
        self._file = Path(state_file) if state_file else None
        self.world = World(load(self._file) if self._file else State())
        self.faults = faults.Faults()
        self.app = create_app(self.world, self.faults, self.keep)
        self._server = _Threaded(port, self.app)
        self.port: int = self._server.server_port
        self.url = self.world.base_url = f"http://localhost:{self.port}"
        self._saved = ""
        self.clock, self.switches = self.world.clock, self.world.switches
        self.calls, self.lock = self.world.calls, self.world.lock

    @property
    def state(self) -> State:
        return self.world.state

    def keep(self) -> None:
        """Write the snapshot, if there is a file and something changed."""
        if self._file:
            with self.lock:
                self._saved = save(self.state, self._file, self._saved)

    def add_identity_provider(self, pool_id: str, name: str) -> None:
        """The stand-in federation of `federation`, for a pool made over the API."""
        with self.lock:
            providers = self.state.pools[pool_id].providers
            if name not in providers:
                providers.append(name)

    def outbox(self, pool_id: str | None = None, username: str | None = None) -> Json:
        """What `/outbox.json` says."""
        with self.lock:
            return as_json(self.world, pool_id, username)

    def run(self) -> None:
        """Answer until `stop`."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """Called from another thread than `run`."""
        self._server.shutdown()
        self.close()

    def close(self) -> None:
        self._server.close()


@contextmanager
def serve(port: int = 0, state_file: Path | str | None = None) -> Iterator[PoolServer]:
    """A pool server in a thread of this process, for the length of a `with`."""
    server = PoolServer(port, state_file)
    thread = threading.Thread(target=server.run, name="localpool", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
