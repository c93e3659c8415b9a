"""The ground that every sequence starts on: the same pool, person, portal session and moment.

A pool, a person and a sign-in through managed login are made once for each situation and kept;
each sequence gets a copy of the pool's state, the portal's rows and the browser's cookies. That is
the same as making them anew, and twenty times as fast.
"""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import time_machine
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import models, transaction
from pytest_django.fixtures import Settings

import localpool
from activity.models import LogEntry
from signin.models import TokenSet, User
from tests.conftest import make_pool
from tests.machine.holder import Holder
from tests.machine.situations import Situation
from tests.people import Browser
from userpool.models import PasskeyFactor

BEGINS = datetime(2030, 1, 1, 9, 0, 2, tzinfo=UTC)
_KEPT: tuple[type[models.Model], ...] = (
    User,
    SocialAccount,
    Session,
    TokenSet,
    LogEntry,
    PasskeyFactor,
)


def _rows_of(model: type[models.Model]) -> Any:
    return model._default_manager  # noqa: SLF001 - Django's own documented name


@dataclass(frozen=True)
class _Start:
    """What is kept of a situation: a pickled pool and holder, rows, cookies."""

    kept: bytes
    rows: tuple[list[models.Model], ...]


class Ground:
    """One for a test; `begin` and `end` frame each sequence."""

    def __init__(self, server: localpool.PoolServer, settings: Settings) -> None:
        self.server = server
        self._starts: dict[Situation, _Start] = {}
        with self._clean(BEGINS):
            self.pool = make_pool(
                server, settings, AutoVerifiedAttributes=["phone_number", "email"]
            )
            self._allow_user_auth()
            self.pool.person("nobody").access_token()  # The pool's key is made, and shared by all.
            self._empty = pickle.dumps(self.state)
        self._frame: Any = None

    @property
    def state(self) -> Any:
        return self.server.state.pools[self.pool.config.pool_id]

    def _put(self, state: Any) -> None:
        with self.server.lock:
            self.server.state.pools[self.pool.config.pool_id] = state

    def _allow_user_auth(self) -> None:
        """Sign-ins that begin with a passkey, through the API."""
        self.pool.admin.update_user_pool_client(
            UserPoolId=self.pool.config.pool_id,
            ClientId=self.pool.config.client_id,
            ExplicitAuthFlows=[
                "ALLOW_USER_PASSWORD_AUTH",
                "ALLOW_USER_AUTH",
                "ALLOW_REFRESH_TOKEN_AUTH",
            ],
            **{
                name: value
                for name, value in self._client_settings().items()
                if name.startswith(("AllowedOAuth", "CallbackURLs", "LogoutURLs", "Supported"))
            },
        )

    def _client_settings(self) -> dict[str, Any]:
        described: dict[str, Any] = self.pool.admin.describe_user_pool_client(
            UserPoolId=self.pool.config.pool_id, ClientId=self.pool.config.client_id
        )["UserPoolClient"]
        return described

    # --- a sequence ---

    def begin(self, situation: Situation) -> tuple[Holder, Browser]:
        """The person with what they hold, and their browser, signed in to the portal."""
        if situation not in self._starts:
            self._starts[situation] = self._made(situation)
        start = self._starts[situation]
        self._frame = self._clean(BEGINS.replace(second=32))
        self.time: Any = self._frame.__enter__()
        state, holder, cookies = pickle.loads(start.kept)  # noqa: S301 - pickled above, by us
        self._put(state)
        for rows in start.rows:
            if rows:
                _rows_of(type(rows[0])).bulk_create(rows)
        browser = Browser()
        browser.cookies = cookies
        return Holder(self.pool, "ana", holder["subject"]).remembering(holder), browser

    def end(self) -> None:
        self._frame.__exit__(None, None, None)

    def _made(self, situation: Situation) -> _Start:
        with self._clean(BEGINS):
            self._put(pickle.loads(self._empty))  # noqa: S301 - pickled above, by us
            holder, browser = situation.made(self.pool), Browser()
            holder.sign_in(browser)
            kept = pickle.dumps((self.state, holder.memory(), browser.cookies))
            return _Start(kept, tuple(list(_rows_of(model).all()) for model in _KEPT))

    @contextmanager
    def _clean(self, moment: datetime) -> Iterator[Any]:
        """At this moment, with nothing left over; the database is afterwards as it was.

        A savepoint, not an atomic block: the portal's durable blocks may not stand inside one.
        """
        self._forget()
        before = transaction.savepoint()
        with time_machine.travel(moment) as time:
            try:
                yield time
            finally:
                transaction.savepoint_rollback(before)
                self._forget()

    def _forget(self) -> None:
        """The server is shared with every other test of the process."""
        self.server.calls.clear()
        self.server.faults.clear()
        self.server.switches.reset()
        cache.clear()

    # --- looking ---

    @contextmanager
    def only_looking(self) -> Iterator[None]:
        """Whatever is done at the pool in the block has not been done afterwards."""
        with self.server.lock:
            before = pickle.dumps(self.state)
        faults = self.server.faults.waiting()
        self.server.faults.clear()
        try:
            yield
        finally:
            self._put(pickle.loads(before))  # noqa: S301 - pickled above, by us
            for fault in faults:
                self.server.faults.add(fault)
