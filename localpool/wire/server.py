"""The threaded server of the app, on loopback only, and its snapshot file.

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

from localpool.state.outbox import outbox_json
from localpool.state.records import Json, State
from localpool.state.snapshot import load, save
from localpool.state.world import World
from localpool.wire import faults
from localpool.wire.app import create_app


class _Handler(WSGIRequestHandler):
    """Keeps connections open, as AWS does; Werkzeug's own handler closes each after 10 ms."""

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
    """A server that closes its open connections when it stops."""

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
    """A local pool with its server, for tests and the demo."""

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
        """Write the snapshot if there is a file and the state changed."""
        if self._file:
            with self.lock:
                self._saved = save(self.state, self._file, self._saved)

    def add_identity_provider(self, pool_id: str, name: str) -> None:
        """Let people of this pool sign in through the stand-in provider of `federation`."""
        with self.lock:
            providers = self.state.pools[pool_id].providers
            if name not in providers:
                providers.append(name)

    def outbox(self, pool_id: str | None = None, username: str | None = None) -> Json:
        """The document of `/outbox.json`."""
        with self.lock:
            return outbox_json(self.world, pool_id, username)

    def run(self) -> None:
        """Serve requests until `stop` is called."""
        self._server.serve_forever(poll_interval=0.1)

    def stop(self) -> None:
        """End `run`, from another thread, and close."""
        self._server.shutdown()
        self.close()

    def close(self) -> None:
        self._server.close()


@contextmanager
def serve(port: int = 0, state_file: Path | str | None = None) -> Iterator[PoolServer]:
    """Run a pool server in a thread of this process until the `with` block ends."""
    server = PoolServer(port, state_file)
    thread = threading.Thread(target=server.run, name="localpool", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
