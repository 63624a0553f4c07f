"""In what an answer of the mock differs from the recorded one: status, headers of note, keys, types, values, order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from provcheck.harness.compare.translation import Translation, form, is_generated
from provcheck.harness.model.redaction import REDACTED, Redactor, names_secret

KINDS = ("status", "header", "missing", "extra", "type", "form", "value", "order")
"""Kinds of difference, those that a client feels most first."""
VALUES = ("content-type", "link", "www-authenticate", "x-total-count")
"""Headers whose value is compared."""
_REDACTOR = Redactor()
PRESENCE = ("etag", "location", "retry-after")
"""Headers of which only the presence, and the form of the value, is compared."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: its kind, where it is (`body.emails[0].type`), and both sides as text ("" for nothing)."""

    kind: str
    where: str
    recorded: str = ""
    own: str = ""

    def __str__(self) -> str:
        match self.kind:
            case "missing":
                return f"{self.where} is missing; recorded: {self.recorded}"
            case "extra":
                return f"{self.where} was not recorded; the mock gives {self.own}"
            case _:
                return f"{self.where}: recorded {self.recorded}, the mock gives {self.own}"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two answers: header names are folded; `body` is the text as JSON, None if it is none."""

    status: int
    headers: Mapping[str, str]
    text: str
    body: Any

    @property
    def is_success(self) -> bool:
        """Whether the request was carried out."""
        return 200 <= self.status < 300

    def told(self) -> str:
        """The status, and what a refusal says."""
        return str(self.status) if self.is_success or not self.text.strip() else f"{self.status} {self.text:.120}"


class Comparison:
    """Compares the answers of one recording; what the target generates is learnt and compared by its form.

    `sent` tells whether a text came from the client; such a text is never taken for a generated one.
    """

    def __init__(self, translation: Translation, sent: Callable[[str], bool]) -> None:
        self._translation, self._sent = translation, sent

    def answer(self, recorded: Side, own: Side) -> Iterator[Difference]:
        """Compare two answers. Where one is a success and the other is none, the status alone says it all."""
        if recorded.status != own.status:
            told = [each.told() for each in (recorded, own)]
            yield Difference("status", "status", *told)
        if recorded.is_success == own.is_success:
            yield from self._bodies(recorded, own)
            yield from self.headers(recorded.headers, own.headers)

    def _bodies(self, recorded: Side, own: Side) -> Iterator[Difference]:
        if recorded.body is None and own.body is None:
            return
        if recorded.body is None and recorded.text.strip():
            yield Difference("type", "body", "a body that is no JSON", shown(own.body))
        elif recorded.body is None:
            yield Difference("extra", "body", own=shown(own.body))
        elif own.body is None:
            yield Difference("missing", "body", shown(recorded.body))
        else:
            yield from self.body(recorded.body, own.body)

    def headers(self, recorded: Mapping[str, str], own: Mapping[str, str]) -> Iterator[Difference]:
        """Compare the headers of note; names are folded."""
        for name in (*VALUES, *PRESENCE):
            theirs, ours = recorded.get(name), own.get(name)
            where = f"header {name}"
            if theirs is None or ours is None:
                if theirs is not None:
                    yield Difference("missing", where, shown(theirs))
                elif ours is not None and name != "www-authenticate":
                    yield Difference("extra", where, own=shown(ours))
            elif name in PRESENCE:
                yield from self._generated(where, theirs, ours)
            elif _plain(self._translation.text(theirs)) != _plain(ours):
                yield Difference("header", where, shown(theirs), shown(ours))

    def body(self, recorded: Any, own: Any, where: str = "body", key: str = "") -> Iterator[Difference]:
        """Compare two JSON values."""
        if isinstance(recorded, dict) and isinstance(own, dict):
            yield from self._objects(recorded, own, where)
        elif isinstance(recorded, list) and isinstance(own, list):
            yield from self._lists(recorded, own, where, key)
        elif _type(recorded) != _type(own):
            yield Difference("type", where, f"{_type(recorded)} {shown(recorded)}", f"{_type(own)} {shown(own)}")
        elif isinstance(recorded, str) and isinstance(own, str):
            yield from self._texts(where, key, recorded, own)
        elif recorded != own:
            yield Difference("value", where, shown(recorded), shown(own))

    def _objects(self, recorded: dict[str, Any], own: dict[str, Any], where: str) -> Iterator[Difference]:
        for name, value in recorded.items():
            if name not in own:
                yield Difference("missing", f"{where}.{name}", shown(value, name))
            else:
                yield from self.body(value, own[name], f"{where}.{name}", name)
        for name, value in own.items():
            if name not in recorded:
                yield Difference("extra", f"{where}.{name}", own=shown(value, name))

    def _lists(self, recorded: list[Any], own: list[Any], where: str, key: str) -> Iterator[Difference]:
        ordered = self._aligned(recorded, own)
        if len(recorded) != len(own):
            yield Difference("value", where, f"{len(recorded)} entries", f"{len(own)}")
        elif ordered != own:
            yield Difference(
                "order", where, shown([_name(each) for each in recorded]), shown([_name(each) for each in own])
            )
        for number, (theirs, ours) in enumerate(zip(recorded, ordered)):
            yield from self.body(theirs, ours, f"{where}[{number}]", key)

    def _aligned(self, recorded: list[Any], own: list[Any]) -> list[Any]:
        """The mock's rows in the order of the recording, where names or known ids say which is which."""
        by_name = {self._translation.text(str(_name(each))): each for each in recorded}
        ours = {str(_name(each)): each for each in own}
        if len(by_name) < len(recorded) or len(ours) < len(own) or not by_name.keys() & ours.keys():
            return own
        known = [ours.pop(name, None) for name in by_name]
        rest = iter(ours.values())
        filled = [each if each is not None else next(rest, None) for each in known]
        return [each for each in filled if each is not None] + list(rest)

    def _texts(self, where: str, key: str, recorded: str, own: str) -> Iterator[Difference]:
        if self._translation.text(recorded) == own or recorded == own:
            return
        if not self._sent(recorded) and is_generated(key, recorded) and is_generated(key, own):
            yield from self._generated(where, recorded, own)
        else:
            yield Difference("value", where, shown(recorded, key), shown(own, key))

    def _generated(self, where: str, recorded: str, own: str) -> Iterator[Difference]:
        theirs, ours = form(recorded), form(own)
        if theirs != ours:
            yield Difference("form", where, f"{theirs} {shown(recorded)}", f"{ours} {shown(own)}")
        is_a_name = not (theirs.startswith(("time", "URL")) or ours.startswith(("time", "URL")))
        if is_a_name and not self._translation.learn(recorded, own):
            yield Difference("value", where, f"{shown(recorded)} (elsewhere another's)", shown(own))
        if theirs == ours == "URL":
            yield from self._urls(where, recorded, own)

    def _urls(self, where: str, recorded: str, own: str) -> Iterator[Difference]:
        """Of two URLs the last parts are what they name; hosts and the way before them are the mock's own."""
        theirs, ours = recorded.rstrip("/").rpartition("/")[2], own.rstrip("/").rpartition("/")[2]
        if self._translation.text(theirs) == ours:
            return
        if is_generated("id", theirs) and is_generated("id", ours) and self._translation.learn(theirs, ours):
            return
        yield Difference("value", where, shown(recorded), shown(own))


def shown(value: Any, key: str = "") -> str:
    """A value as short text; secrets are redacted."""
    value = REDACTED if names_secret(key) and value else _REDACTOR.value(value)
    return f"{value!r:.80}" if isinstance(value, str | bool | int | float | type(None)) else f"{value!r:.120}"


def _type(value: Any) -> str:
    names = {str: "text", bool: "boolean", int: "number", float: "number", type(None): "null", dict: "object"}
    return names.get(type(value), "list")


def _name(value: Any) -> Any:
    """What a row of a list is told apart by."""
    if not isinstance(value, dict):
        return value
    told = (value.get(word) for word in ("id", "value", "userName", "primaryEmail", "displayName", "name"))
    return next((each for each in told if isinstance(each, str) and each), str(sorted(value)))


def _plain(text: str) -> str:
    """A header value without regard to case and blanks."""
    return "".join(text.casefold().split())
