"""A session that stops its user after a given number of requests, as a power cut would: in the middle of everything.

What is raised is no Exception, so that no client can catch it by accident and carry on.
"""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import BaseAdapter


class Crashed(BaseException):
    """The number of requests is used up: the last one was answered, and nobody is left to hear it."""


class CrashAfter(requests.Session):
    """Sends through another session, and counts. `set(None)` lets everything pass."""

    def __init__(self, through: requests.Session) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.update(through.headers)
        self._left: int | None = None
        wire = _Wire(self, through)
        for prefix in ("http://", "https://"):
            self.mount(prefix, wire)

    def set(self, requests: int | None) -> None:
        """Crash after so many requests from now on; None: never."""
        self._left = requests

    def count(self) -> None:
        """One request was answered. Raises Crashed."""
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
        """Hand the request on; count it even when no answer comes."""
        adapter = self._through.get_adapter(str(request.url))
        try:
            return adapter.send(request, *args, **options)
        finally:
            self._crash_after.count()

    def close(self) -> None:
        """Nothing of its own to close."""
