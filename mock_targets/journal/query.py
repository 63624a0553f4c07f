"""Counts the exchanges of a journal that meet some criteria; when there are none, says which came nearest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from provcheck.mock_targets.journal.journal import AnswerState, Applied, Exchange, Intent
from provcheck.mock_targets.journal.operation_names import unknown_operation
from provcheck.mock_targets.reading import nearest, read, shown


class BadCriteria(ValueError):
    """The criteria cannot be met by any exchange; the message is one line."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What an exchange must be like; null means any.

    `operation`, `method` and `path` are patterns (`user.*`); `entity` is an id or a name of what the operation was
    about, compared without regard to case; `body_contains` is looked for in the request's body. `refused_by` and
    `fault` name a flag and a fault. Only exchanges after the number `since` count.
    """

    operation: str | None = None
    entity: str | None = None
    method: str | None = None
    path: str | None = None
    status: int | None = None
    applied: Applied | None = None
    answer: AnswerState | None = None
    refused_by: str | None = None
    fault: str | None = None
    body_contains: str | None = None
    since: int = 0

    @classmethod
    def read(cls, words: Mapping[str, Any], *, operations: Collection[str], flags: Collection[str]) -> Criteria:
        """Criteria from JSON, about a target that has these operations and flags.

        Raises BadCriteria for what no exchange can meet: an unknown criterion, operation, flag or value.
        """
        criteria = read(cls, words, "criteria", error=BadCriteria)
        if criteria.operation is not None and (unknown := unknown_operation(criteria.operation, operations)):
            raise BadCriteria(f"criteria: operation: {unknown}")
        if (flag := criteria.refused_by) is not None and flag not in flags:
            raise BadCriteria(f"criteria: refused_by: there is no flag {shown(flag)}{nearest(flag, flags)}")
        return criteria

    def missed(self, exchange: Exchange) -> list[Miss]:
        """The criteria that an exchange does not meet."""
        misses = [
            Miss(name, wanted, seen(exchange))
            for name, (seen, meets) in _CHECKS.items()
            if (wanted := getattr(self, name)) is not None and not meets(wanted, seen(exchange))
        ]
        if self.operation and self.entity and not misses and not self._same_part(exchange):
            misses.append(Miss("entity", self.entity, _names(exchange)))
        return misses

    def _same_part(self, exchange: Exchange) -> bool:
        """Whether one and the same part of a request is of the operation and about the entity."""
        whole = (exchange.operation, _names(exchange))
        parts = [(i.operation, [*i.names, *([i.id] if i.id else [])]) for i in _intents(exchange)]
        return any(
            _pattern(self.operation, [operation]) and _name(self.entity, names) for operation, names in (whole, *parts)
        )


@dataclass(frozen=True, slots=True)
class Miss:
    """A criterion that an exchange does not meet."""

    criterion: str
    wanted: Any
    seen: Any


@dataclass(frozen=True, slots=True)
class Count:
    """How many exchanges matched; if none, the nearest one and the criteria that it does not match."""

    count: int
    nearest: Exchange | None = None
    missed: tuple[Miss, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        if self.nearest is None:
            return {"count": self.count, "nearest": None}
        near = self.nearest
        return {
            "count": self.count,
            "nearest": {
                "seq": near.seq,
                "method": near.method,
                "path": near.path,
                "operation": near.operation,
                "status": near.status,
                "missed": [
                    {"criterion": miss.criterion, "wanted": miss.wanted, "seen": miss.seen} for miss in self.missed
                ],
            },
        }


def count(exchanges: Iterable[Exchange], criteria: Criteria) -> Count:
    """How many exchanges meet all criteria. Of several that come nearest the latest is named.

    Each operation of a batch request counts as an exchange of its own, where the criteria say anything that tells
    operations apart (operation, entity, method, path); the whole is about none of them.
    """
    found, nearest, fewest = 0, None, None
    apart = any((criteria.operation, criteria.entity, criteria.method, criteria.path))
    for exchange in (each for whole in exchanges for each in (whole, *(whole.parts if apart else ()))):
        if exchange.seq <= criteria.since:
            continue
        misses = criteria.missed(exchange)
        if not misses:
            found += 1
        elif fewest is None or len(misses) <= len(fewest):
            nearest, fewest = exchange, misses
    return Count(found) if found else Count(0, nearest, tuple(fewest or ()))


def _operations(exchange: Exchange) -> list[str]:
    return list(dict.fromkeys([exchange.operation, *(intent.operation for intent in _intents(exchange))]))


def _intents(exchange: Exchange) -> Sequence[Intent]:
    return () if exchange.parts else exchange.intents


def _names(exchange: Exchange) -> list[str]:
    return [name for intent in _intents(exchange) for name in (*intent.names, *([intent.id] if intent.id else []))]


def _pattern(wanted: Any, seen: Any) -> bool:
    return any(fnmatchcase(each, wanted) for each in ([seen] if isinstance(seen, str) else seen))


def _name(wanted: Any, seen: Any) -> bool:
    return wanted.casefold() in {each.casefold() for each in seen}


def _same(wanted: Any, seen: Any) -> bool:
    return bool(wanted == seen)


def _among(wanted: Any, seen: Any) -> bool:
    return wanted in seen


_CHECKS: dict[str, tuple[Callable[[Exchange], Any], Callable[[Any, Any], bool]]] = {
    "operation": (_operations, _pattern),
    "entity": (_names, _name),
    "method": (lambda exchange: exchange.method, _pattern),
    "path": (lambda exchange: exchange.path, _pattern),
    "status": (lambda exchange: exchange.status, _same),
    "applied": (lambda exchange: exchange.applied, _same),
    "answer": (lambda exchange: exchange.answer, _same),
    "refused_by": (lambda exchange: exchange.refused_by, _same),
    "fault": (lambda exchange: list(exchange.faults), _among),
    "body_contains": (lambda exchange: exchange.request_body.decode("utf-8", "replace"), _among),
}
