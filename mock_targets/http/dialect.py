"""The base class of HTTP dialects: how one API of a target reads requests and writes responses."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from provcheck.mock_targets.directory import DirectoryError
from provcheck.mock_targets.faults.applicability import neutral_operations
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.codes import Refused
from provcheck.mock_targets.http.errors import WireError
from provcheck.mock_targets.http.facts import JsonFacts
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.reading import nearest
from provcheck.mock_targets.target.flags import Behaviour, Flag, UnknownFlag

if TYPE_CHECKING:
    from provcheck.mock_targets.faults.facts import RequestFacts
    from provcheck.mock_targets.http.request import Request
    from provcheck.mock_targets.http.responses import Answer
    from provcheck.mock_targets.query.list_view import ListView
    from provcheck.mock_targets.target.api import Api
    from provcheck.mock_targets.target.flags import FlagValue
    from provcheck.mock_targets.target.target import Target

View = Callable[["Request"], "Answer"]


@dataclass(frozen=True, slots=True)
class Route:
    """One URL and method. `writes` says whether the operation may change something; `open` needs no credentials."""

    method: str
    rule: str
    operation: str
    view: View
    writes: bool = False
    open: bool = False


class HttpDialect(ABC):
    """The dialect of one HTTP API of a target; to be subclassed.

    `reads` are the flags that the family's code asks for; those that a subclass declares join them. A subclass leaves
    those that it names in `flags` to the user of the mock (by name, or as a `Flag` with a default or documentation of
    its own), and fixes others in `fixed`; the rest stay at the family's default. `derived` are those that follow a flag
    of another name: that name, and what they are at its value. A name that is no flag fails when the class is made
    (UnknownFlag).

    `media_type` is the default type of answers. `refusals` are the family's exceptions that `error` answers, beside
    those of the directory and of HTTP, and those told by codes. With `strict_slashes` a path with an extra slash at its
    end is unknown; without, the slash is ignored. With `one_writer` a write of a resource that another request is
    writing is refused (Locked).

    Faults use four more: `list_view` is the layout of lists (None: no lists), `words` maps SCIM attributes to the API's
    own paths where they differ, `own` are the attributes that the target generates, and `has_patch_operations` says
    that the body of a PATCH is a list of operations.
    """

    reads: ClassVar[tuple[Flag, ...]] = ()
    flags: ClassVar[tuple[Flag | str, ...]] = ()
    fixed: ClassVar[Mapping[str, FlagValue]] = {}
    derived: ClassVar[Mapping[str, tuple[str, Callable[[Any], FlagValue]]]] = {}
    media_type: ClassVar[str] = "application/json"
    refusals: ClassVar[tuple[type[Exception], ...]] = ()
    strict_slashes: ClassVar[bool] = False
    list_view: ClassVar[ListView | None] = None
    one_writer: ClassVar[bool] = False
    words: ClassVar[Mapping[str, str]] = {}
    own: ClassVar[frozenset[str]] = frozenset(("id",))
    has_patch_operations: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        own = tuple(each for each in cls.flags if isinstance(each, Flag) and each not in cls.reads)
        cls.reads = (*cls.reads, *own)
        cls._check_flags()

    def __init__(self, target: Target, api: Api) -> None:
        self.target, self.api = target, api
        self._defaults = {flag.name: flag.default for flag in self.reads} | dict(self.fixed)
        self._flags: Behaviour | None = None
        self._settings = Behaviour({})

    @classmethod
    def declared(cls) -> tuple[Flag, ...]:
        """Return the flags that users of the mock can set for this dialect."""
        known = {flag.name: flag for flag in cls.reads}
        return tuple(known[each] if isinstance(each, str) else each for each in cls.flags)

    @classmethod
    def _check_flags(cls) -> None:
        known = {flag.name for flag in cls.reads}
        named = [each for each in cls.flags if isinstance(each, str)]
        for name in (*named, *cls.fixed, *cls.derived, *(source for source, _ in cls.derived.values())):
            if name not in known:
                raise UnknownFlag(f"{cls.__name__} reads no flag {name!r}{nearest(name, known)}")

    def settings(self) -> Behaviour:
        """The present value of every flag that the family reads: set by the user, fixed, or the default."""
        flags = self.target.behaviour
        if flags is not self._flags:
            values = {**self._defaults, **flags.values()}
            derived = {name: value_at(values[source]) for name, (source, value_at) in self.derived.items()}
            self._settings, self._flags = Behaviour(values | derived), flags
        return self._settings

    def public_flag(self, name: str | None) -> str | None:
        """The flag by which users of the mock steer a flag of the family: itself, or what it is derived from."""
        return self.derived[name][0] if name is not None and name in self.derived else name

    def lists(self, request: Request) -> ListView | None:
        """The layout of the list that a request asks for: that of all lists, where they do not differ."""
        return self.list_view

    @property
    def label(self) -> str:
        """The name of the API in messages."""
        return self.api.label or self.api.path or self.target.name

    @cached_property
    def requests(self) -> frozenset[tuple[str, str]]:
        """The method and the operation of every route."""
        return frozenset((route.method, route.operation) for route in self.routes())

    @cached_property
    def operations(self) -> frozenset[str]:
        """The operations that requests can make, as named in the journal."""
        return frozenset(operation for _, operation in self.requests) | neutral_operations(self.target.spec.kinds)

    def word(self, attribute: str) -> str:
        """Return the API's own path of an attribute."""
        first, dot, rest = attribute.partition(".")
        return self.words.get(attribute) or f"{self.words.get(first, first)}{dot}{rest}"

    def facts(self, request: Request) -> RequestFacts:
        """Return the facts of a request, by which faults select requests."""
        return JsonFacts(request)

    @property
    def root(self) -> str:
        """The absolute URL of the API."""
        return f"{self.target.base_url}{self.api.path}"

    @abstractmethod
    def routes(self) -> Iterable[Route]:
        """Return every route; rules are relative to the API's path."""

    @abstractmethod
    def authenticate(self, request: Request) -> None:
        """Check the credentials. Raises Unauthorized, or another refusal."""

    @abstractmethod
    def error(self, request: Request, error: Exception) -> Answer:
        """Return a refusal in the API's error format."""

    @classmethod
    def every_refusal(cls) -> tuple[type[Exception], ...]:
        """Return the exceptions that `error` answers; any other is a failure of the mock."""
        return (WireError, Refused, Forbidden, DirectoryError, *cls.refusals)

    def headers(self, request: Request) -> Mapping[str, str]:
        """Return the headers of every answer."""
        return {}

    def encode(self, body: Any) -> bytes:
        """Encode JSON-ready data as the body of an answer."""
        return json.write(body)
