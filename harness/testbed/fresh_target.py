"""A fresh target in process that the requests of a recording are sent to, and what a recording shows put into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

import requests

from provcheck.harness.model.reading import nearest
from provcheck.mock_targets import registry
from provcheck.mock_targets.clock import EPOCH, VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.dialect import HttpDialect
from provcheck.mock_targets.target.flags import Flag, FlagError
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.target.target import TargetSpec
from provcheck.mock_targets.testing import Handle, session

_WRONG_TOKEN = "not-the-token-of-the-target"


class CannotReplay(ValueError):
    """There is no such target, flag or preset; the message is one line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of the target, and the operation that it took the request for. Header names are folded."""

    status: int
    headers: Mapping[str, str]
    text: str
    operation: str


class FreshTarget:
    """A target in its first state, with a preset and flags. A context manager. Raises CannotReplay.

    Its clock stands at `start`, and moves only as the target's own delays want it.
    """

    def __init__(
        self, name: str, *, preset: str = "", flags: Mapping[str, Any] | None = None, start: datetime = EPOCH
    ) -> None:
        own = find(name).name
        environment = Environment([own], clock=VirtualClock(start=start), seed="recording")
        self._handle = Handle(environment.targets[own])
        self._session: requests.Session = session(environment)
        try:
            if preset:
                self._handle.flags.profile(preset)
            self._handle.target.flags.set(flags or {})
        except FlagError as error:
            raise CannotReplay(str(error)) from None

    def __enter__(self) -> FreshTarget:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    @property
    def base_url(self) -> str:
        """Where the target is mounted: paths of the vendor follow it."""
        return self._handle.target.base_url

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None, is_known: bool = True
    ) -> Answer:
        """Send a request, with the target's credentials if its sender is known. `path` may hold a query."""
        token = self._handle.token if is_known else _WRONG_TOKEN
        own = {"Authorization": f"Bearer {token}", **headers}
        url = self.base_url + path
        got = self._session.request(method, url, headers=own, data=body, allow_redirects=False, timeout=60)
        newest = self._handle.journal[-1].operation if len(self._handle.journal) else ""
        folded = {name.casefold(): value for name, value in got.headers.items()}
        return Answer(got.status_code, folded, got.text, newest or "")

    def add(self, kind: str, document: Mapping[str, Any], members: Iterable[str]) -> str:
        """Store a resource as a recording shows it, under its own id. Return why the target cannot; else nothing."""
        mapping = self._handle.target.spec.core_mapping
        words = mapping.group if kind == "Group" else mapping.user
        try:
            shown = {
                word: value for word, value in words.read(dict(document)).items() if word in ("userName", "displayName")
            }
            seed = {**shown, "id": str(document["id"]), "document": dict(document)}
            if kind == "Group":
                there = (id for id in members if self._handle.target.directory.locate(id) is not None)
                seed["memberIds"] = list(there)
            self._handle.seed({f"{kind.lower()}s": [seed]})
        except BadSeed as error:
            return str(error)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return f"a document of another shape ({type(error).__name__})"
        return ""

    def seed(self, data: Mapping[str, Any]) -> None:
        """Create users and groups in core words. Raises CannotReplay."""
        try:
            self._handle.seed(data)
        except BadSeed as error:
            raise CannotReplay(str(error)) from None

    def rows(self, path: str, answer: Any) -> list[Any] | None:
        """The resources in a list answer to a request of this path; None if it is no list."""
        api = next((each for each in self._dialects() if path.startswith(each.api.path.partition("<")[0])), None)
        return api.list_view.rows_of(answer) if api is not None and api.list_view is not None else None

    def _dialects(self) -> Iterator[HttpDialect]:
        yield from (each for each in self._handle.target.surfaces if isinstance(each, HttpDialect))


def find(name: str) -> TargetSpec:
    """The declaration of a target. Raises CannotReplay."""
    try:
        return registry.find(name)
    except LookupError as error:
        raise CannotReplay(str(error)) from None


def place(url_path: str, host: str, scheme: str) -> tuple[str, str] | None:
    """The target whose vendor has this URL, and the path below its host; None if no vendor has it."""
    for name in registry.names():
        for real in registry.find(name).real_urls:
            if f"{scheme or 'https'}://{host}{url_path}".startswith(real.rstrip("/") + "/"):
                return name, url_path
    return None


def below(name: str, url_path: str) -> str | None:
    """The path of a recorded request as the target knows it: from where one of its APIs begins. None: of no API."""
    parts = url_path.split("/")
    found = []
    for api in find(name).apis:
        own = api.path.split("/")[1:]
        for at in range(1, len(parts) - len(own) + 1):
            if all(mine.startswith("<") or mine == other for mine, other in zip(own, parts[at:])):
                found.append((len(own), -at, "/" + "/".join(parts[at:])))
                break
    return max(found)[2] if found else None


def alternatives(name: str, preset: str, flags: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Every other value that a flag with few values can have, by the name of the flag."""
    spec = find(name)
    present = {**(spec.profile(preset) if preset else {}), **flags}
    found: list[tuple[str, Any]] = []
    for flag in spec.flags:
        value = present.get(flag.name, flag.default)
        if flag.type == "boolean":
            found.append((flag.name, not value))
        found += [(flag.name, choice) for choice in flag.choices if choice != value]
    return found


def read_flag(name: str, text: str) -> tuple[str, Any]:
    """Read FLAG=VALUE for a target. Raises CannotReplay."""
    named, equals, value = text.partition("=")
    flags: Mapping[str, Flag] = {flag.name: flag for flag in find(name).flags}
    if not equals:
        raise CannotReplay(f"a flag is set as FLAG=VALUE, not {text!r:.100}")
    if named not in flags:
        raise CannotReplay(f"{name} has no flag {named!r:.100}{nearest(named, flags)}")
    try:
        return named, flags[named].parse(value)
    except FlagError as error:
        raise CannotReplay(str(error)) from None


def presets(name: str) -> list[str]:
    """The presets of a target."""
    return list(find(name).profiles)
