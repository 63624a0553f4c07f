"""All exchanges with one target in order, and what the client could know at each of them.

Rules are functions of a `Conversation` and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from provcheck.harness.lint.batch import operations_apart
from provcheck.harness.lint.dialect import Dialect
from provcheck.harness.lint.exchange import Exchange, Json

Key = tuple[str, str]
IDENTIFYING = ("userName", "externalId", "displayName")


@dataclass(frozen=True)
class Conversation:
    """The exchanges with one target, in its dialect. `over`: the recording is complete.

    Iterating over it yields the exchanges, each batch request followed by its operations, which are exchanges too.
    `exchanges` are the requests as they were sent.
    """

    dialect: Dialect
    exchanges: tuple[Exchange, ...]
    over: bool = field(default=True, kw_only=True)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(self._all)

    @cached_property
    def _all(self) -> tuple[Exchange, ...]:
        return tuple(each for x in self.exchanges for each in (x, *operations_apart(x)))

    def can(self, capability: str | None) -> bool:
        """Return True if the dialect has a capability, or for None."""
        return capability is None or capability in self.dialect.capabilities

    def informed(self) -> Iterator[tuple[Exchange, Config]]:
        """Yield every exchange with the ServiceProviderConfig that was read last before it."""
        config = Config({})
        for x in self:
            yield x, config
            if x.resource.startswith("ServiceProviderConfig") and x.good:
                config = Config(x.answer)

    def remembering(self) -> Iterator[tuple[Exchange, Memory]]:
        """Yield every exchange with what was known before it."""
        memory = Memory()
        for exchange in self:
            yield exchange, memory
            memory.learn(exchange)

    @cached_property
    def failing(self) -> list[list[Exchange]]:
        """Return runs of the same request repeated after failures, in order; other requests may lie between."""
        runs: list[list[Exchange]] = []
        last: dict[tuple[str, str, str, str], list[Exchange]] = {}
        for x in self:
            shape = (x.method, x.path, x.query, x.text)
            run = last.get(shape)
            if run is not None and not run[-1].good:
                run.append(x)
            else:
                last[shape] = run = [x]
                runs.append(run)
        return [run for run in runs if len(run) > 1]


@dataclass(frozen=True, slots=True)
class Config:
    """A ServiceProviderConfig; empty where none was read."""

    answer: Json

    def supports(self, feature: str) -> bool | None:
        """Return whether a feature is supported; None if it does not say."""
        found = self._said(feature).get("supported")
        return found if isinstance(found, bool) else None

    def limit(self, feature: str, name: str) -> int | None:
        """Return a limit of a feature; None if it does not say."""
        found = self._said(feature).get(name)
        return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None

    def _said(self, feature: str) -> Json:
        said = self.answer.get(feature)
        return said if isinstance(said, dict) else {}


class Memory:
    """What the client has seen so far: resources by kind and id, in their latest form."""

    def __init__(self) -> None:
        self.documents: dict[Key, Json] = {}
        """Whole resources, until a change makes them doubtful."""
        self.seen: set[Key] = set()
        """Resources that were seen completely at least once."""
        self.partly: set[Key] = set()
        """Resources that were seen, but never completely."""
        self.tags: dict[Key, str] = {}
        """The latest ETag of each."""
        self.blind: set[str] = set()
        """Kinds with an answer that was not recorded completely: any resource may have been seen."""
        self.gone: dict[Key, int] = {}
        """Resources that the target reported as missing, and in which exchange."""

    def met(self, kind: str, id: str) -> bool:
        """Return True if the client has ever seen this resource."""
        return kind in self.blind or (kind, id) in self.seen or (kind, id) in self.partly

    def learn(self, x: Exchange) -> None:
        """Record the resources in an answer."""
        if x.status == 404 and x.id:
            self.gone[x.key] = x.number
        if not x.good:
            return
        if x.answer_text.strip() and not x.answer:
            self.blind.add(x.resource)
        if x.lists and not x.searches:
            for hit in x.hits:
                self._meet((x.resource, str(hit.get("id"))), hit, whole=_whole(x))
        elif x.method == "DELETE":
            self._forget(x.key)
        elif x.resource in ("Users", "Groups") and not x.searches:
            self._answered(x)

    def _answered(self, x: Exchange) -> None:
        id = x.id or str(x.answer.get("id") or "")
        if x.creates and not id:  # an answer without a body: what the client made, it knows
            id = x.answer_headers.get("location", "").rstrip("/").rpartition("/")[2]
            self.seen |= {(x.resource, id)} if id else set()
        if not id:
            return
        key = (x.resource, id)
        if x.answer.get("id"):
            self._meet(key, x.answer, whole=_whole(x))
        elif x.updates:
            self.documents.pop(key, None)
        tag = x.answer_headers.get("etag")
        if tag:
            self.tags[key] = tag
        elif x.updates:
            self.tags.pop(key, None)

    def _meet(self, key: Key, document: Json, *, whole: bool) -> None:
        self.gone.pop(key, None)
        version = document.get("meta", {}).get("version") if isinstance(document.get("meta"), dict) else None
        if isinstance(version, str):
            self.tags[key] = version
        if whole:
            self.documents[key] = document
            self.seen.add(key)
            self.partly.discard(key)
        elif key not in self.seen:
            self.partly.add(key)

    def _forget(self, key: Key) -> None:
        self.documents.pop(key, None)
        self.tags.pop(key, None)


def _whole(x: Exchange) -> bool:
    return not any(name.casefold() in ("attributes", "excludedattributes") for name in x.params)


def names(document: Mapping[str, Any]) -> frozenset[str]:
    """The words by which a user or group can be looked up, folded."""
    emails = document.get("emails")
    values = [document.get(word) for word in IDENTIFYING]
    values += [email.get("value") for email in emails if isinstance(email, dict)] if isinstance(emails, list) else []
    return frozenset(value.casefold() for value in values if isinstance(value, str) and value)


def member_ids(values: Any) -> list[str]:
    """The ids in a list of members (one object counts as a list of one)."""
    items: Iterable[Any] = values if isinstance(values, list) else [values]
    found = (each.get("value") if isinstance(each, dict) else each for each in items)
    return [each for each in found if isinstance(each, str) and each]


def added_members(x: Exchange) -> list[str]:
    """The ids that a request would put into a group: the members of a body, or those of add and replace."""
    if x.resource != "Groups" or not (x.creates or x.updates):
        return []
    if not x.operations:
        members = x.body.get("members")
        items = members if isinstance(members, list) else [members]
        kept = [each for each in items if not (isinstance(each, dict) and each.get("operation") == "delete")]
        return member_ids(kept)
    found: list[str] = []
    for each in x.operations:
        if str(each.get("op")).casefold() not in ("add", "replace"):
            continue
        path, value = each.get("path"), each.get("value")
        if path == "members":
            found += member_ids(value)
        elif not path and isinstance(value, dict) and "members" in value:
            found += member_ids(value["members"])
    return found
