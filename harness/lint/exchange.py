"""One exchange as the rules see it: what was asked, in parts, and what was answered.

Made from a journal entry (a plain dict); whatever the entry lacks is unknown, and no rule may guess at it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
UPDATES = frozenset({"PUT", "PATCH"})
ENDPOINTS = {
    name.casefold(): name
    for name in (
        *("Users", "Groups", "Me", "Bulk", "Schemas", "ResourceTypes"),
        *("ServiceProviderConfig", "ServiceProviderConfigs", ".search"),
    )
}
DISCOVERY = frozenset({"Schemas", "ResourceTypes", "ServiceProviderConfig", "ServiceProviderConfigs"})
VERSIONS = {"v1": "1.1", "v1.0": "1.1", "v1.1": "1.1", "v2": "2.0", "v2.0": "2.0"}
GATEWAY = frozenset({502, 504})
WHOLE = ("complete", "dribbled")
"""Answers that reached the client as a whole; after any other it cannot know what became of its request."""
_UNREAD = object()
_LONGEST_NUMBER = 16
"""Digits of a number that is read; what is longer is none that a client means."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Exchange:
    """A request and its answer. Header names are folded. `status` None: no answer came.

    `at` is when the request arrived, `seconds` how long the answer took. `scheme` None: not known. `batch` is the
    request that carried this one as one of its operations.
    """

    number: int
    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    status: int | None = None
    answer_headers: Mapping[str, str] = field(default_factory=dict)
    answer_text: str = ""
    at: datetime | None = None
    seconds: float = 0.0
    scheme: str | None = None
    host: str = ""
    connection: str = ""
    """Of two exchanges with the same one it is sure that one process sent them; empty where it is not known."""
    batch: Exchange | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @cached_property
    def params(self) -> Mapping[str, str]:
        """The query, decoded; of a parameter given twice the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @cached_property
    def _parts(self) -> tuple[str, str, tuple[str, ...]]:
        """What stands before the endpoint, the endpoint as it was spelled, and what follows it."""
        parts = self.path.split("/")
        place = next((n for n, part in enumerate(parts) if part.casefold() in ENDPOINTS), None)
        if place is None:
            return self.path, "", ()
        return "/".join(parts[:place]), parts[place], tuple(unquote(part) for part in parts[place + 1 :])

    @property
    def prefix(self) -> str:
        """The path before the endpoint: the base URL's."""
        return self._parts[0]

    @property
    def spelled(self) -> str:
        """The endpoint, as it was spelled; empty when there is none."""
        return self._parts[1]

    @cached_property
    def resource(self) -> str:
        """The endpoint in its proper spelling: Users, Groups, Bulk, ...; empty when there is none."""
        return ENDPOINTS.get(self.spelled.casefold(), "")

    @cached_property
    def id(self) -> str:
        """The id of the resource that is addressed; empty for the collection."""
        rest = self._parts[2]
        return rest[0] if rest and not rest[0].startswith(".") else ""

    @cached_property
    def searches(self) -> bool:
        """Whether it is a query sent by POST (RFC 7644 section 3.4.3)."""
        return self.method == "POST" and self.path.rstrip("/").endswith("/.search")

    @cached_property
    def asks_for_token(self) -> bool:
        """Whether it is a request to a token endpoint (RFC 6749 section 3.2), which is no SCIM."""
        is_form = "application/x-www-form-urlencoded" in self.headers.get("content-type", "")
        return self.method == "POST" and ("grant_type=" in self.query or (is_form and "grant_type=" in self.text))

    @cached_property
    def lists(self) -> bool:
        """Whether it asks for a list of users or groups."""
        return self.searches or (self.method == "GET" and self.resource in ("Users", "Groups") and not self.id)

    @cached_property
    def creates(self) -> bool:
        """Whether it would create a user or a group."""
        return self.method == "POST" and self.resource in ("Users", "Groups") and not self.id and not self.searches

    @cached_property
    def updates(self) -> bool:
        """Whether it would change one user or group."""
        return self.method in UPDATES and self.resource in ("Users", "Groups") and bool(self.id)

    @cached_property
    def writes(self) -> bool:
        """Whether it would change anything."""
        return self.method in WRITES and not self.searches

    @property
    def key(self) -> tuple[str, str]:
        """The resource that is addressed."""
        return self.resource, self.id

    @cached_property
    def version(self) -> str:
        """The SCIM version: 1.1 if the URL or the URNs name it, else 2.0."""
        for part in reversed(self.prefix.casefold().split("/")):
            if part in VERSIONS:
                return VERSIONS[part]
        return "1.1" if '"urn:scim:schemas:' in self.answer_text[:300] else "2.0"

    @property
    def lost(self) -> bool:
        """Whether the answer leaves open if the request was carried out."""
        return self.status is None or self.status in GATEWAY

    @property
    def good(self) -> bool:
        """Whether it was answered with success."""
        return self.status is not None and 200 <= self.status < 300

    @cached_property
    def cut(self) -> bool:
        """Whether only the beginning of the body was recorded."""
        return len(self.text) > 0 and (self._declared or 0) > self._measured

    @cached_property
    def size(self) -> int:
        """Bytes of the body."""
        return self._measured if self._declared is None else self._declared

    @cached_property
    def _declared(self) -> int | None:
        length = self.headers.get("content-length", "")
        return int(length) if length.isdecimal() and len(length) < _LONGEST_NUMBER else None

    @cached_property
    def _measured(self) -> int:
        return len(self.text.encode("utf-8", "surrogatepass"))

    @cached_property
    def _json(self) -> Any:
        return _read(self.text)

    @property
    def readable(self) -> bool:
        """Whether the body is JSON; also when there is none, or when it was not recorded in full."""
        return not self.text.strip() or self.cut or self._json is not _UNREAD

    @property
    def value(self) -> Any:
        """The body as JSON, whatever it is; None when there is none."""
        return None if self._json is _UNREAD else self._json

    @property
    def body(self) -> Json:
        """The body when it is an object; an empty one otherwise."""
        return self._json if isinstance(self._json, dict) else {}

    @cached_property
    def answer(self) -> Json:
        """The answer when it is an object; an empty one otherwise."""
        found = _read(self.answer_text)
        return found if isinstance(found, dict) else {}

    @property
    def hits(self) -> list[Json]:
        """The resources in the answer to a list."""
        found = self.answer.get("Resources")
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    @cached_property
    def filter(self) -> str:
        """The filter of a query, however it was sent; empty when there is none."""
        text = self.body.get("filter") if self.searches else self.params.get("filter")
        return text if isinstance(text, str) else ""

    @cached_property
    def operations(self) -> list[Json]:
        """The operations of a PATCH (or Bulk) body."""
        found = self.body.get("Operations", self.body.get("operations"))
        return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []

    @property
    def schemas(self) -> list[Any]:
        """The `schemas` of the body; empty when there are none."""
        found = self.body.get("schemas")
        return found if isinstance(found, list) else []

    def same_request(self, other: Exchange) -> bool:
        """Whether the other asks the very same."""
        return (self.method, self.path, self.query, self.text) == (other.method, other.path, other.query, other.text)

    def after(self, other: Exchange) -> float:
        """Seconds from the other's answer to this request; negative when it was on its way already."""
        if self.at is None or other.at is None:
            return float("inf")
        return (self.at - other.at).total_seconds() - other.seconds


def read_exchange(entry: Mapping[str, Any]) -> Exchange:
    """An exchange from a journal entry. Raises ValueError, KeyError and TypeError for what is none."""
    asked, answered = entry.get("request") or {}, entry.get("response") or {}
    headers = _folded(asked.get("headers"))
    at = entry.get("at")
    return Exchange(
        number=int(entry["seq"]),
        method=str(entry["method"]).upper(),
        path=str(entry["path"]) if entry.get("path_is_encoded") else str(entry["path"]).replace("%", "%25"),
        query=str(entry.get("query") or ""),
        headers=headers,
        text=str(asked.get("body") or ""),
        status=int(entry["status"]) if entry.get("status") and entry.get("answer", "complete") in WHOLE else None,
        answer_headers=_folded(answered.get("headers")),
        answer_text=str(answered.get("body") or ""),
        at=_moment(at),
        seconds=float(entry.get("duration_ms") or 0) / 1000,
        scheme=entry.get("scheme") or headers.get("x-forwarded-proto"),
        host=str(entry.get("host") or headers.get("host", "")),
        connection=str(entry.get("connection") or ""),
    )


def _moment(at: Any) -> datetime | None:
    """A time with its zone; one without is taken for UTC, so that all can be compared. Raises ValueError."""
    read = datetime.fromisoformat(at) if isinstance(at, str) else at
    if not isinstance(read, datetime):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _folded(headers: Any) -> dict[str, str]:
    return {str(name).casefold(): str(value) for name, value in dict(headers or {}).items()}


def _read(text: str) -> Any:
    if not text.strip():
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return _UNREAD


def listed(value: Any) -> list[Any]:
    """A list as it is, and nothing of whatever else stands in its place."""
    return value if isinstance(value, list) else []
