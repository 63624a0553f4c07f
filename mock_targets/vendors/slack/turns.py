"""One write at a time on a user or group: whoever comes while another write is under way is sent away with a 429.

A write holds its resource from before its faults to after its answer, so that a delayed one is overlapped.
Source: https://docs.slack.dev/reference/scim-api#concurrency.
"""

from __future__ import annotations

import threading

from flask import Flask, g, request

from provcheck.mock_targets.vendors.slack.error_format import Locked

RETRY_AFTER = 1
"""Seconds after which to try again; that a number comes is documented, which one is not."""
_WRITES = ("PUT", "PATCH", "DELETE")


class Turns:
    """The resources that are being written."""

    def __init__(self) -> None:
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def install(self, app: Flask) -> None:
        """Take the resource of every write before anything else, and give it back at the very end."""
        app.before_request(self._begin)
        app.teardown_request(self._end)

    def _begin(self) -> None:
        id = (request.view_args or {}).get("id")
        if id is None or request.method not in _WRITES:
            return
        with self._lock:
            g.holds = None if id in self._busy else id
            self._busy.add(id)

    def _end(self, error: BaseException | None) -> None:
        held = g.get("holds")
        if held is not None:
            with self._lock:
                self._busy.discard(held)


def check_turn() -> None:
    """Raise Locked when another write of the same resource is under way."""
    if g.get("holds") is None:
        raise Locked("another write is under way", retry_after=RETRY_AFTER)
