"""A session that raises after a given number of requests, to simulate a crash of the client in the middle of a run.

It raises a BaseException, so that a client does not catch it by accident and continue.
"""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import BaseAdapter


class Crashed(BaseException):
    """The number of requests is used up: the last one reached the target, but the client gets no answer."""


class CrashAfter(requests.Session):
    """A session that sends through another one and counts requests. `set(None)` removes the limit."""

    def __init__(self, through: requests.Session) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.update(through.headers)
        self._left: int | None = None
        wire = _Wire(self, through)
        for prefix in ("http://", "https://"):
            self.mount(prefix, wire)

    def set(self, requests: int | None) -> None:
        """Raise Crashed after so many requests from now on; None: never."""
        self._left = requests

    def count(self) -> None:
        """Count one request. Raises Crashed when the limit is reached."""
        if self._left is None:
            return
        self._left -= 1
        if self._left <= 0:
            self._left = None
            raise Crashed


class _Wire(BaseAdapter):
    def __init__(self, crash_after: CrashAfter, through: requests.Session) -> None:
        super().__init__()
        self._crash_after, self._through = crash_after, through

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Send the request, and count it whether or not it is answered."""
        adapter = self._through.get_adapter(str(request.url))
        try:
            return adapter.send(request, *args, **options)
        finally:
            self._crash_after.count()

    def close(self) -> None:
        """Do nothing: the other session owns the connections."""
