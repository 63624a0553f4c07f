"""Puts users and groups into a target, and reads them out, in core words that are the same for every target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from itertools import zip_longest
from typing import Any

from provcheck.mock_targets.directory import Conflict, Document, Record
from provcheck.mock_targets.reading import read
from provcheck.mock_targets.target.core_mapping import Core, Misfit, Words
from provcheck.mock_targets.target.core_words import GROUP_WORDS, USER_WORDS, seed_type
from provcheck.mock_targets.target.target import Target

Snapshot = dict[str, list[dict[str, Any]]]
"""Every list of resources by its name: `users`, `groups`, and a target's own."""


class BadSeed(ValueError):
    """A seed that cannot be stored; nothing was changed."""


def seed(target: Target, data: Mapping[str, Any]) -> dict[str, int]:
    """Add the users and groups of `data`, all or none; how many there were. Raises BadSeed with one line.

    A snapshot is a seed: a resource gets the `id` and the `document` that are given, with the core words beside them
    laid over. The members of a group are those of `memberIds`, or without them those named in `members`; a user also
    joins the groups named in its `groups`.
    """
    lists = target.spec.core_mapping.lists
    whole = read(seed_type(*lists), data, "a seed", error=BadSeed)
    entries = {name: [_plain(each) for each in getattr(whole, name) or ()] for name in lists}
    with target.directory.lock:
        work = _Seeding(target, entries)
        try:
            work.add()
            memberships = list(work.memberships())
        except (Conflict, BadSeed) as error:
            for record in reversed(work.added):
                target.directory.remove(record.kind, record.id)
            raise BadSeed(str(error)) from None
        for group_id, member_id in memberships:
            target.directory.relate(group_id, member_id, checks_member=False)
    return {name: len(each) for name, each in entries.items() if each or name in ("users", "groups")}


def change(target: Target, record: Record, words: Core) -> Record:
    """Give a stored resource other core words (None clears one); what it keeps beside them stays.

    Raises BadSeed, Conflict and NotFound, and nothing was changed.
    """
    kept = target.spec.core_mapping.group if record.kind == "Group" else target.spec.core_mapping.user
    with target.directory.lock:
        work = _Seeding(target, {name: [] for name in target.spec.core_mapping.lists})
        entry = _Entry(record.kind, kept, {**kept.read(record.document), **words}, record.id)
        return target.directory.change(record.kind, record.id, work.document(entry, words, record.document))


def snapshot(target: Target) -> Snapshot:
    """Everything that the target holds: core words, ids, memberships by name and by id, and each whole document.

    A manager is shown by userName where it is a user of the target. Secrets such as a password are left out. A list of
    the target's own (such as members of an organization) is there when there is somebody in it.
    """
    target.deferred.settle()
    with target.directory.lock:
        lists = {
            name: [_shown(target, record, words) for record in target.directory.all(kind)]
            for name, (kind, words) in target.spec.core_mapping.lists.items()
            if kind in target.spec.kinds
        }
    return {"users": [], "groups": []} | {name: each for name, each in lists.items() if each}


def _shown(target: Target, record: Record, words: Words) -> dict[str, Any]:
    directory = target.directory
    shown = {"id": record.id, **words.read(record.document)}
    if record.kind == "Group":
        ids = list(directory.members(record.id))
        shown |= {"members": [_name(target, id) for id in ids], "memberIds": ids}
    else:
        shown["groups"] = [_name(target, group.id) for group in directory.groups(record.id)]
        if "manager" in shown:
            shown["manager"] = _name(target, shown["manager"]) or shown["manager"]
    return {**shown, "document": words.shown(record.document)}


def _name(target: Target, id: str) -> str | None:
    """The userName or displayName of whatever has this id."""
    record = target.directory.locate(id)
    if record is None:
        return None
    words, word = (
        (target.spec.core_mapping.group, "displayName")
        if record.kind == "Group"
        else (target.spec.core_mapping.user, "userName")
    )
    name: str | None = words.places[word].read(record.document)
    return name


@dataclass(slots=True, eq=False)
class _Entry:
    """A resource to be added, and what the seed says of it."""

    kind: str
    words: Words
    said: dict[str, Any]
    id: str

    def __str__(self) -> str:
        kind, word = ("group", "displayName") if self.kind == "Group" else ("user", "userName")
        return f"{kind} {self.said[word]!r}"


class _Seeding:
    """One seed on its way into a target, whose lock is held."""

    def __init__(self, target: Target, lists: Mapping[str, list[dict[str, Any]]]) -> None:
        self._target = target
        self.added: list[Record] = []
        taken = {said["id"] for each in lists.values() for said in each if "id" in said}
        self._entries = [
            _Entry(kind, words, said, said.get("id") or self._new_id(kind, taken))
            for name, (kind, words) in target.spec.core_mapping.lists.items()
            for said in lists[name]
        ]

    def _new_id(self, kind: str, taken: set[str]) -> str:
        while True:
            id = self._target.spec.new_id(self._target.ids, kind)
            if id not in taken and self._target.directory.locate(id) is None:
                return id

    def add(self) -> None:
        """Store every resource. Raises Conflict and BadSeed."""
        for entry in self._entries:
            known = GROUP_WORDS if entry.kind == "Group" else USER_WORDS
            core = {word: value for word, value in entry.said.items() if word in known}
            document = self.document(entry, core, self._given(entry))
            self.added.append(self._target.directory.add(entry.kind, document, id=entry.id))

    def memberships(self) -> Iterator[tuple[str, str]]:
        """Ids of group and member for every membership. Raises BadSeed."""
        made: dict[str, set[str]] = {}
        for entry in self._entries:
            if entry.kind == "Group":
                for member_id in self._members(entry):
                    made.setdefault(member_id, set()).add(entry.id)
                    yield entry.id, member_id
        for entry in self._entries:
            for name in entry.said.get("groups", ()) if entry.kind == "User" else ():
                if name is not None:
                    yield from self._joined(entry, name, made.get(entry.id, set()))

    def document(self, entry: _Entry, core: Core, base: Document | None) -> Document:
        """The document that says this, over another one or from the start. Raises BadSeed."""
        for word in core:
            if word not in entry.words.places:
                raise BadSeed(f"{entry}: {self._target.name} keeps no {word}; it keeps {', '.join(entry.words.places)}")
        try:
            manager = {"manager": self._manager(entry, core["manager"], base)} if core.get("manager") else {}
            return entry.words.write({**core, **manager}, base)
        except Misfit as error:
            raise BadSeed(f"{entry}: {self._target.name} cannot keep it: {error}") from None

    def _given(self, entry: _Entry) -> Document | None:
        given = entry.said.get("document")
        try:
            return None if given is None else entry.words.read_document(entry.words.shown(given))
        except Misfit as error:
            raise BadSeed(f"{entry}: {self._target.name} cannot keep its document: {error}") from None

    def _manager(self, entry: _Entry, user_name: str, base: Document | None) -> str:
        """The id of a manager; one that no user has stays as it is."""
        id: str | None = self._ids.get(user_name.casefold())
        kept = entry.words.places["manager"].read(base) if base is not None else None
        if id is None and kept != user_name:
            raise BadSeed(f"{entry}: no user is called {user_name!r}, who should be the manager")
        return id or user_name

    def _members(self, entry: _Entry) -> Iterator[str]:
        names: list[str | None] = entry.said.get("members", [])
        ids: list[str] | None = entry.said.get("memberIds")
        if ids is None:
            for name in names:
                if name is None or name.casefold() not in self._ids:
                    raise BadSeed(f"{entry}: no user is called {name!r}")
                yield self._ids[name.casefold()]
            return
        for id, name in zip_longest(ids, names[: len(ids)], fillvalue=""):
            # A snapshot shows a member that does not exist (some targets keep such) by null as its name.
            if name is not None and self._target.directory.locate(id) is None:
                raise BadSeed(f"{entry}: nobody has the id {id!r}")
            yield id

    def _joined(self, entry: _Entry, name: str, already: set[str]) -> Iterator[tuple[str, str]]:
        groups = self._groups.get(name, [])
        if already.intersection(groups):
            return
        if len(groups) != 1:
            raise BadSeed(f"{entry}: {len(groups) or 'no'} group{'s are' if groups else ' is'} called {name!r}")
        yield groups[0], entry.id

    @cached_property
    def _ids(self) -> Mapping[str, str]:
        """Ids of users by folded userName. Seeds name users as they wrote them; the target may keep another form."""
        directory, read_name = self._target.directory, self._target.spec.core_mapping.user.places["userName"].read
        there = {str(read_name(record.document)).casefold(): record.id for record in directory.all("User")}
        return there | {each.said["userName"].casefold(): each.id for each in self._entries if each.kind == "User"}

    @cached_property
    def _groups(self) -> Mapping[str, list[str]]:
        """Ids of groups by name."""
        found: dict[str, list[str]] = {}
        for record in self._target.directory.all("Group") if "Group" in self._target.spec.kinds else ():
            found.setdefault(str(_name(self._target, record.id)), []).append(record.id)
        return found


def _plain(value: Any) -> Any:
    """What was read, as dicts, without what was not said."""
    if is_dataclass(value):
        said = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: _plain(each) for name, each in said if each is not None}
    return [_plain(each) for each in value] if isinstance(value, list) else value
