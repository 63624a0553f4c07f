"""The facts of an HTTP request with a JSON body, by which faults select requests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from provcheck.mock_targets.faults.facts import Filtering, PatchOperation
from provcheck.mock_targets.http.errors import WireError

if TYPE_CHECKING:
    from provcheck.mock_targets.http.request import Request

EMPTY: tuple[Any, ...] = (None, "", [], {})
"""Values that clear an attribute."""


class JsonFacts:
    """The facts of a request (see `RequestFacts`), each read on first use.

    The body of a PATCH is taken for a resource with the attributes to change, each query parameter of the list view's
    `filters` for an equality. A dialect whose requests say it otherwise gives a subclass.
    """

    def __init__(self, request: Request) -> None:
        self.request = request

    @property
    def method(self) -> str:
        """The method."""
        return self.request.method

    @property
    def path(self) -> str:
        """The path relative to the target's mount point."""
        return self.request.path

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.request.wsgi.mimetype

    def header(self, name: str) -> str | None:
        """A header."""
        return self.request.header(name)

    @cached_property
    def body(self) -> Mapping[str, Any]:
        """The JSON object of the body; empty if there is none."""
        try:
            body = self.request.json()
        except WireError:
            return {}
        return body if isinstance(body, dict) else {}

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query parameters, each with its first value."""
        return self.request.wsgi.args.to_dict()

    @cached_property
    def filtering(self) -> Filtering | None:
        """The query parameters that filter a list, each as an equality."""
        view = self.request.dialect.lists(self.request)
        given = {name: self.query[name] for name in (view.filters if view else ()) if name in self.query}
        if not given:
            return None
        text = " ".join(given.values())
        return Filtering(text, frozenset(given), frozenset(("eq",)), tuple(given.values()))

    @cached_property
    def attributes(self) -> Collection[str]:
        """The attributes in the body."""
        return {path for path, _ in paths(self.body)}

    @property
    def patch_operations(self) -> Sequence[PatchOperation]:
        """No operations: the body of a PATCH is a resource."""
        return ()

    @property
    def clears(self) -> bool:
        """Whether a PATCH clears an attribute by an empty value."""
        return self.method == "PATCH" and any(value in EMPTY for _, value in paths(self.body))

    @property
    def replaces_members(self) -> bool:
        """Whether a PUT or a PATCH replaces the list of members."""
        return self.method in ("PUT", "PATCH") and self.request.dialect.word("members") in self.body


def paths(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every attribute of a JSON object, also within lists, with its dotted path in lower case and its value."""
    waiting = [(at, value)]
    while waiting:
        path, here = waiting.pop()
        if isinstance(here, list):
            waiting.extend((path, each) for each in here)
        elif isinstance(here, dict):
            for name, inner in here.items():
                own = f"{path}.{name.lower()}" if path else name.lower()
                yield own, inner
                waiting.append((own, inner))
