"""HTTP as the clients of this corpus speak it: what may pass is tried again, what is unsure is said to be."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.parse import quote

import requests

Json = dict[str, Any]
TRIES = 5
FIRST_PAUSE = 0.15
LONGEST_PAUSE = 5.0
SILENCE = 5.0
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
LIMIT_WORDS = ("rate limit", "quota", "too many", "throttl")


class Refused(Exception):
    """The target said no with this status."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(f"{status} {detail[:200]}")
        self.status = status


class Unsure(Refused):
    """Nobody knows whether the request was carried out (status 0: there was no answer that can be read)."""


class Ended(Exception):
    """The credentials are refused: nothing more can be done in this run."""


class Wire:
    """One connection. Every call returns the decoded body, or {} where there is none.

    `session` and `pause` are what a test puts in the place of sockets and of the time.
    """

    session: Callable[[], requests.Session] = requests.Session
    pause: Callable[[float], object] = time.sleep
    now: Callable[[], datetime] = partial(datetime.now, UTC)

    def __init__(self, connection: Json) -> None:
        self.base = connection["base_url"].rstrip("/")
        self._session = self.session()
        self._session.trust_env = False
        self._session.headers.update({"Authorization": f"Bearer {connection['token']}", "Accept": "application/json"})
        self._type = "application/scim+json"
        self.status, self._asked = 0, 0.0

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    def ask(self, method: str, path: str, body: Json | None = None, **query: Any) -> Json:
        """Send a request until it is answered for good. Raises Refused, Unsure for a POST, and Ended."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(method, path, body, query)
            except Refused as error:
                limited = error.status == 429 or _limit(error)
                passes = error.status in PASSING or error.status == 0 or _limit(error)
                if not passes or attempt == TRIES or (method == "POST" and not limited):
                    raise
                self.pause(self._asked or FIRST_PAUSE * 2 ** (attempt - 1))
        raise AssertionError("the loop ends by itself")

    def _once(self, method: str, path: str, body: Json | None, query: Json) -> Json:
        data = None if body is None else json.dumps(body).encode()
        self._asked, self.status = 0.0, 0
        headers = {} if body is None else {"Content-Type": self._type}
        try:
            answer = self._session.request(
                method, self.base + path, data=data, params=query or None, headers=headers, timeout=SILENCE
            )
            text = answer.text
        except requests.RequestException as error:
            raise Unsure(0, str(error)) from error
        self.status = answer.status_code
        if answer.status_code == 401:
            raise Ended
        if answer.status_code == 415 and self._type != "application/json":
            self._type = "application/json"
            return self._once(method, path, body, query)
        if answer.status_code >= 400:
            self._asked = self._wait(answer.headers.get("Retry-After", ""))
            kind = Unsure if answer.status_code >= 500 else Refused
            raise kind(answer.status_code, text)
        try:
            found = json.loads(text) if text.strip() else {}
        except ValueError as error:
            raise Unsure(0, "the answer cannot be read") from error
        return found if isinstance(found, dict) else {}

    def _wait(self, asked: str) -> float:
        if asked.isdecimal():
            return float(asked)
        try:
            return max((parsedate_to_datetime(asked) - self.now()).total_seconds(), 0.0)
        except (TypeError, ValueError):
            return 0.0


def speaks_of_a_limit(text: str) -> bool:
    """Whether an error is one that passes, whatever its status."""
    return any(word in text.casefold() for word in LIMIT_WORDS)


def _limit(error: Refused) -> bool:
    return error.status >= 400 and speaks_of_a_limit(str(error))


def at(path: str, id: str) -> str:
    """The path of one resource; an id is opaque, and may hold signs that a path cannot."""
    return f"{path}/{quote(id, safe='')}"
