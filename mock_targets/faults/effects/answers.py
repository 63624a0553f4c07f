"""Effects on the answer: another status, body or header, or the same body with attributes missing, put in or rewritten.

Paths are dotted names of attributes, in the words of the API or the usual ones. In a list answer the words of the
list itself are meant there, every other path in each of its rows.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Annotated, Any, ClassVar, Literal, Protocol

from annotated_types import Interval, MinLen

from provcheck.mock_targets.faults.effects.effect import Effect, Moment
from provcheck.mock_targets.faults.facts import Naming
from provcheck.mock_targets.query.list_view import Changes, ListView
from provcheck.mock_targets.reading import Described

Reason = Literal["filter_not_supported", "value_missing", "already_exists", "quota_exceeded"]
REASONS: Mapping[Reason, str] = {
    "filter_not_supported": "the filter is not supported",
    "value_missing": "a required attribute is missing",
    "already_exists": "the resource cannot be created",
    "quota_exceeded": "license limit exceeded",
}
"""What a refusal is about, in plain words; an error format may have a code for it."""

Rewriting = Literal["lower", "upper", "compact", "first_word"]
_SIGNS = re.compile(r"[\s().\-]")
REWRITINGS: Mapping[Rewriting, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "compact": lambda text: _SIGNS.sub("", text),
    "first_word": lambda text: text.partition(" ")[0],
}
"""Ways to rewrite a text: in lower or upper case, without spaces, dashes, dots and brackets, only up to a blank."""

Path = Annotated[str, MinLen(1)]
YEAR = 86_400.0 * 366


class Refused(Protocol):
    """An error as the API answers it."""

    @property
    def body(self) -> Any:
        """JSON-ready data, raw bytes, or None for no body."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers that go with it."""


class Refuse(Protocol):
    """Gives the API's own error for a status; the reason, if any, and a text are what it should say."""

    def __call__(self, status: int, reason: Reason | None, detail: str) -> Refused: ...


@dataclass(slots=True, kw_only=True)
class Answering:
    """An answer on its way out, which effects change in place.

    `query` are the parameters of a list request, `ask` answers the same request with other ones (the body; None unless
    it succeeds). `usual_headers` are those that an answer gets beside its own. `remembered` is kept between requests.
    """

    status: int
    body: Any
    headers: dict[str, str]
    moment: Moment
    now: datetime
    list_view: ListView | None
    refuse: Refuse
    ask: Callable[[Changes], Any]
    naming: Naming
    query: Mapping[str, str] = field(default_factory=dict)
    usual_headers: dict[str, str] = field(default_factory=dict)
    remembered: dict[Any, Any] = field(default_factory=dict)
    removed_headers: set[str] = field(default_factory=set)
    """Names, in lower case, of headers that are not to be added any more."""

    @property
    def rows(self) -> list[Any] | None:
        """The rows of a list answer; None for any other."""
        return self.list_view.rows_of(self.body) if self.list_view else None

    def hosts(self, path: str) -> Iterator[dict[str, Any]]:
        """The objects of the body in which a path is meant."""
        rows = self.rows
        if rows is None or (self.list_view and self.list_view.is_envelope(path)):
            rows = [self.body]
        return (row for row in rows if isinstance(row, dict))


@dataclass(frozen=True, slots=True)
class AnswerEffect(Effect):
    """An effect on the answer."""

    moments: ClassVar[tuple[Moment, ...]] = ("after", "wire")

    def apply(self, answering: Answering) -> bool:
        """Change the answer. Return whether anything is different now."""
        del answering
        return False


@dataclass(frozen=True, slots=True)
class Status(AnswerEffect):
    """Answers with a status: before the change in its place, else in place of the true one.

    From 400 on the API's own error goes with it; `reason` and `detail` are what that error says.
    """

    moments: ClassVar[tuple[Moment, ...]] = ("before", "after", "wire")
    beside: ClassVar[tuple[Moment, ...]] = ("later",)
    given_by: ClassVar[tuple[str, ...]] = ("status",)

    status: Annotated[int | None, Interval(ge=200, le=599), Described("Answered in place of the true status")] = None
    reason: Annotated[Reason | None, Described("What the error is about: the API has its own words for it")] = None
    detail: Annotated[str, Described("What the error says; the usual words unless given")] = ""

    def apply(self, answering: Answering) -> bool:
        """Put the status, and the error that goes with it, in place."""
        before, answering.status = (answering.status, answering.body), self.status or answering.status
        if answering.status >= 400:
            detail = self.detail or (REASONS[self.reason] if self.reason else "injected fault")
            refused = answering.refuse(answering.status, self.reason, detail)
            answering.body, answering.headers = refused.body, dict(refused.headers)
        elif answering.moment in ("before", "later"):
            answering.body = None
        return answering.moment in ("before", "later") or (answering.status, answering.body) != before


@dataclass(frozen=True, slots=True)
class Body(AnswerEffect):
    """Answers with another body."""

    beside: ClassVar[tuple[Moment, ...]] = ("before", "later")

    body: Annotated[Any, Described("What is answered, a text as it is; null is the target's own")] = None

    def apply(self, answering: Answering) -> bool:
        """Put the body in place."""
        before = answering.body
        answering.body = self.body.encode() if isinstance(self.body, str) else self.body
        return bool(answering.body != before)


HeaderName = Annotated[str, MinLen(1)]


@dataclass(frozen=True, slots=True)
class Headers(AnswerEffect):
    """Answers with other headers. None takes one away, that of the body's type included."""

    beside: ClassVar[tuple[Moment, ...]] = ("before", "later")

    headers: Annotated[Mapping[HeaderName, str | None], Described("Null takes a header away")] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        for name, value in self.headers.items():
            check_header(name, value)

    def apply(self, answering: Answering) -> bool:
        """Put the headers in place, whatever the case of their names."""
        sent = {name.lower(): value for name, value in (answering.usual_headers | answering.headers).items()}
        given = {name: value for name, value in self.headers.items() if answering.body or name.lower() != _TYPE}
        names = {name.lower() for name in given}
        answering.headers = {name: value for name, value in answering.headers.items() if name.lower() not in names}
        answering.headers |= {name: value for name, value in given.items() if value is not None}
        answering.removed_headers |= {name.lower() for name, value in given.items() if value is None}
        return any(sent.get(name.lower()) != value for name, value in given.items())


@dataclass(frozen=True, slots=True)
class RetryAfterDate(AnswerEffect):
    """Adds a Retry-After that is a date (RFC 9110 section 10.2.3), with a Date, so that one clock tells the pause."""

    beside: ClassVar[tuple[Moment, ...]] = ("before", "later")

    retry_date: Annotated[
        float | None, Interval(ge=-YEAR, le=YEAR), Described("A Retry-After that is a date, so many seconds from now")
    ] = None

    def apply(self, answering: Answering) -> bool:
        """Add both headers."""
        answering.headers["Date"] = format_datetime(answering.now, usegmt=True)
        until = answering.now + timedelta(seconds=self.retry_date or 0)
        answering.headers["Retry-After"] = format_datetime(until, usegmt=True)
        return True


@dataclass(frozen=True, slots=True)
class RewriteAnswer(AnswerEffect):
    """Shows a resource otherwise than it is stored. `*` among `drops` leaves no more than the API's own attributes."""

    drops: Annotated[tuple[Path, ...], Described("Attributes that are left out")] = ()
    sets: Annotated[Mapping[Path, Any], Described("Values that are put in, by path")] = field(default_factory=dict)
    rewrites: Annotated[Mapping[Path, Rewriting], Described("Texts that are rewritten, by path")] = field(
        default_factory=dict
    )

    def apply(self, answering: Answering) -> bool:
        """Change a copy of the body; a body that is no JSON object or list stays as it is."""
        if not isinstance(answering.body, dict | list):
            return False
        before, answering.body = answering.body, copy.deepcopy(answering.body)
        naming = answering.naming
        for path in map(naming.word, self.drops):
            for host in answering.hosts(path):
                drop(host, path, kept=naming.own)
        for path, value in self.sets.items():
            for host in answering.hosts(naming.word(path)):
                put(host, naming.word(path), value)
        for path, how in self.rewrites.items():
            for host in answering.hosts(naming.word(path)):
                rewrite(host, naming.word(path).split("."), REWRITINGS[how])
        return bool(answering.body != before)


_TYPE = "content-type"
"""The header of the body's type, which no answer without a body has."""
FRAMING = frozenset(("content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "trailer", "te"))
"""Headers that say where a message ends: a fault that lied there would leave the client waiting."""


def check_header(name: str, value: str | None) -> None:
    """Raises ValueError for a header that a fault must not set."""
    if not name.isascii() or not name.replace("-", "").isalnum():
        raise ValueError(f"{name!r:.80} is not the name of a header")
    if name.lower() in FRAMING:
        raise ValueError(f"{name} is not for a fault to set: it would leave the client waiting; use truncates_at")
    if value is not None and not (value.isascii() and (value.isprintable() or not value)):
        raise ValueError(f"header {name:.80} takes printable ASCII text, or null to take it away, not {value!r:.80}")


def drop(host: dict[str, Any], path: str, *, kept: frozenset[str]) -> None:
    """Leave an attribute out; `*` leaves out all but `kept`."""
    if path == "*":
        for name in [name for name in host if name not in kept]:
            del host[name]
        return
    *way, last = path.split(".")
    here: Any = host
    for step in way:
        here = here.get(step) if isinstance(here, dict) else None
    if isinstance(here, dict):
        here.pop(last, None)


def put(host: dict[str, Any], path: str, value: Any) -> None:
    """Set an attribute; objects on the way are made where there are none."""
    *way, last = path.split(".")
    for step in way:
        inner = host.get(step)
        host[step] = inner = inner if isinstance(inner, dict) else {}
        host = inner
    host[last] = value


def rewrite(value: Any, path: list[str], how: Callable[[str], str]) -> None:
    """Rewrite the text at a path, in every item of a list on the way; of an object its `value`."""
    if isinstance(value, list):
        for each in value:
            rewrite(each, path, how)
        return
    if not isinstance(value, dict) or path[0] not in value:
        return
    here = value[path[0]]
    if isinstance(here, str):
        value[path[0]] = how(here)
    elif len(path) > 1:
        rewrite(here, path[1:], how)
    else:
        rewrite(here, ["value"], how)
