"""Set-ups that many tests share, done once and copied from then on.

A test sets up by steps: a pool is made, a person is made, their app is connected, they sign in.
The first test to take a series of steps takes them really, through the API and managed login. What
they left (the pool's state, the portal's rows, cookies, calls, the time) is kept under the names
of the steps, and a later test with the same beginning gets a copy. Any other call, fault, switch,
setting, or time travel ends this for the test: all its further steps are real ones.

Each test with the `pool` fixture begins at the same moment, so that copies are never old.
"""

import functools
import pickle
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar, cast

import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.test import Client

import localpool
from localpool.rules.switches import Switches
from localpool.state.calls import Call

# Just past, since other programs take what is made here too; two seconds into a step of an
# authenticator app, so that no test crosses the end of one unless it takes long.
_STEP = 30
BEGINS = datetime.fromtimestamp(time.time() // _STEP * _STEP - _STEP + 2, UTC)
_PORTAL = ("signin", "activity", "mfa_settings", "sessions", "socialaccount", "account")
_AS_BUILT = Switches().positions()
_ELSEWHERE = ("pool", "server", "config")  # Attributes that lead to what is kept apart.

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class _Left:
    """What a series of steps left behind."""

    world: bytes
    memory: bytes
    rows: list[list[models.Model]]
    calls: list[Call]
    moment: float


class Kept:
    """One for each server and process; `a_test` frames each test."""

    def __init__(self, server: localpool.PoolServer) -> None:
        self._server = server
        self._settings = _settings()
        self._left: dict[tuple[str, ...], _Left] = {}
        # The steps of this test so far; None once it did anything else.
        self._steps: tuple[str, ...] | None = None

    @contextmanager
    def a_test(self) -> Iterator[None]:
        """From BEGINS on, with no pool on the server."""
        with self._server.lock:
            self._server.state.pools.clear()
        with time_machine.travel(BEGINS, tick=True) as self._time:
            self._steps = ()
            self._remember(self._world())
            _current.append(self)
            try:
                yield
            finally:
                _current.remove(self)

    def take(self, step: Callable[[], R], name: str, actor: Any, browser: Any) -> R:
        """Copy what the step left before, or do it."""
        if self._steps is None or not self._untouched() or not _fresh(browser):
            self._steps = None
            return step()
        if browser:
            changed = {n: v for n, v in _settings().items() if self._settings.get(n) != v}
            name += repr(sorted(changed.items()))
        steps = (*self._steps, name)
        if steps in self._left:
            result = self._copy(self._left[steps], actor, browser)
        else:
            result = self._do(steps, step, actor, browser)
        self._steps = steps
        return cast(R, result)

    def _do(self, steps: tuple[str, ...], step: Callable[[], R], actor: Any, browser: Any) -> R:
        self._steps = None  # The steps inside of this one are not kept one by one.
        calls = len(self._server.calls)
        result = step()
        world = self._world()
        mine = {n: v for n, v in vars(actor).items() if n not in _ELSEWHERE}
        self._left[steps] = _Left(
            world,
            pickle.dumps((result, mine, browser and browser.cookies)),
            [list(_rows_of(model).all()) for model in _models()] if browser else [],
            list(self._server.calls)[calls:],
            time.time(),
        )
        self._remember(world)
        return result

    def _copy(self, left: _Left, actor: Any, browser: Any) -> Any:
        self._time.move_to(left.moment)
        result, mine, cookies = pickle.loads(left.memory)  # noqa: S301 - pickled above, by us
        vars(actor).update(mine)
        with self._server.lock:
            pools, ahead = pickle.loads(left.world)  # noqa: S301 - as above
            self._server.state.pools = pools
            self._server.clock.reset()
            self._server.clock.advance(ahead)
        for rows in left.rows:
            if rows:
                _rows_of(type(rows[0])).bulk_create(pickle.loads(pickle.dumps(rows)))  # noqa: S301 - as above
        for call in left.calls:
            _call_again(self._server, call)
        if browser:
            browser.cookies = cookies
            browser.person = actor
        self._remember(left.world)
        return result

    # --- whether anything else was done ---

    def _world(self) -> bytes:
        with self._server.lock:
            return pickle.dumps((self._server.state.pools, self._ahead()))

    def _ahead(self) -> float:
        return round(self._server.clock.now().timestamp() - time.time(), 1)

    def _remember(self, world: bytes) -> None:
        self._known_world, self._calls = world, len(self._server.calls)
        self._at = time.time() - time.monotonic()

    def _untouched(self) -> bool:
        server = self._server
        pools = (None, *server.state.pools)
        with server.lock:
            return (
                len(server.calls) == self._calls
                and not server.faults.waiting()
                and all(server.switches.positions(each) == _AS_BUILT for each in pools)
                and abs(time.time() - time.monotonic() - self._at) < 1
                and (server.state.pools, self._ahead()) == pickle.loads(self._known_world)  # noqa: S301 - as above
            )


_current: list[Kept] = []


def step(act: Callable[P, R]) -> Callable[P, R]:
    """Of a method of a pool or a person: let its effects be copied where they are known."""

    @functools.wraps(act)
    def taken(*args: P.args, **named: P.kwargs) -> R:
        do = functools.partial(act, *args, **named)
        if not _current:
            return do()
        actor, *others = args
        browser = next((each for each in others if isinstance(each, Client)), None)
        said = [each for each in others if each is not browser]
        who = getattr(actor, "username", "")
        name = f"{act.__qualname__} {who} {said} {sorted(named.items())}"
        return _current[-1].take(do, name, actor, browser)

    return taken


def _call_again(server: localpool.PoolServer, call: Call) -> None:
    """Into the record of calls, where a test may count it."""
    about = ("error", "pool_id", "client_id", "username")
    server.calls.begin()
    server.calls.note(**{name: getattr(call, name) for name in about if getattr(call, name)})
    server.calls.end(call.name, call.started, call.ended, call.status)


def _models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in _PORTAL]  # noqa: SLF001 - Django's own documented name


def _rows_of(model: type[models.Model]) -> Any:
    return model._default_manager  # noqa: SLF001 - Django's own documented name


def _settings() -> dict[str, Any]:
    return {name: getattr(settings, name) for name in dir(settings) if name.isupper()}


def _fresh(browser: Client | None) -> bool:
    """A browser that was nowhere, and a portal that nobody has been to."""
    if browser is None:
        return True
    tables = (model._meta.db_table for model in _models())  # noqa: SLF001 - Django's own documented name
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT 1 FROM {table}" for table in tables))  # noqa: S608 - names of Django's
        return not browser.cookies and cursor.fetchone() is None
