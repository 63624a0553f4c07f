"""Effects on what is stored: changes that are made in part, otherwise than asked for, or later than the answer says."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Any, ClassVar

from annotated_types import Ge

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.faults.effects.answers import REWRITINGS, Path, Rewriting, drop, put, rewrite
from provcheck.mock_targets.faults.effects.effect import Effect, Moment, Seconds
from provcheck.mock_targets.faults.facts import Naming
from provcheck.mock_targets.reading import Described

_CHANGES = ("*.create", "*.update", "*.replace", "*.disable")


@dataclass(frozen=True, slots=True)
class StoredEffect(Effect):
    """An effect on a change that is about to be stored."""

    moments: ClassVar[tuple[Moment, ...]] = ("partial",)
    meets: ClassVar[tuple[str, ...]] = (*_CHANGES, "member.*")
    needs_entity: ClassVar[bool] = True

    def apply(self, before: Document, after: Document, naming: Naming) -> Document:
        """Return what is stored in place of `after`; `before` is empty for a new resource."""
        del before, naming
        return after

    def keeps_member(self, number: int) -> bool:
        """Whether the change of the member of this number, counted from 1 in the request, is made."""
        del number
        return True


@dataclass(frozen=True, slots=True)
class Partial(StoredEffect):
    """Applies only part: of several members, or changed attributes, the first few, or all but the named ones."""

    keeps: Annotated[int | None, Ge(0), Described("So many of the members or attributes are applied")] = None
    drops: Annotated[tuple[Path, ...], Described("Attributes that are left out")] = ()

    def apply(self, before: Document, after: Document, naming: Naming) -> Document:
        """Leave the rest as it was."""
        changed = [name for name in {**after, **before} if before.get(name) != after.get(name)]
        changed = [name for name in changed if name not in naming.own]
        if self.keeps is not None and before:
            ignored = set(changed[self.keeps :])
        else:
            ignored = set(map(naming.word, self.drops))
        left = {name: value for name, value in after.items() if name not in ignored}
        left |= {name: before[name] for name in ignored if name in before}
        return before if left == before else left

    def keeps_member(self, number: int) -> bool:
        """Whether it is one of the first few."""
        return number <= (self.keeps or 0)


@dataclass(frozen=True, slots=True)
class RewriteStored(StoredEffect):
    """Stores something else than was asked for, also in attributes that the request did not name."""

    stores: Annotated[
        Mapping[Path, Any], Described("Values that are stored, by path; null takes an attribute away")
    ] = field(default_factory=dict)
    stores_cut: Annotated[
        Mapping[Path, Annotated[int, Ge(0)]], Described("Texts that are cut after so many characters, by path")
    ] = field(default_factory=dict)
    stores_rewritten: Annotated[Mapping[Path, Rewriting], Described("Texts that are stored otherwise, by path")] = (
        field(default_factory=dict)
    )

    def apply(self, before: Document, after: Document, naming: Naming) -> Document:
        """Change a copy of the document."""
        del before
        left = copy.deepcopy(dict(after))
        for path, value in self.stores.items():
            if value is None:
                drop(left, naming.word(path), kept=frozenset())
            else:
                put(left, naming.word(path), value)
        for path, length in self.stores_cut.items():
            rewrite(left, naming.word(path).split("."), partial(_cut, length))
        for path, how in self.stores_rewritten.items():
            rewrite(left, naming.word(path).split("."), REWRITINGS[how])
        return after if left == after else left


def _cut(length: int, text: str) -> str:
    return text[:length]


@dataclass(frozen=True, slots=True)
class MembersEffect(Effect):
    """An effect on the members that a group is left with."""

    moments: ClassVar[tuple[Moment, ...]] = ("partial",)
    meets: ClassVar[tuple[str, ...]] = ("group.create", "group.update", "group.replace")
    needs_entity: ClassVar[bool] = True

    def members(self, locate: Callable[[str], str | None]) -> list[str]:
        """Return the ids of the members; `locate` gives the id of an id or a name."""
        del locate
        return []


@dataclass(frozen=True, slots=True)
class StoreMembers(MembersEffect):
    """Leaves a group with other members than were asked for, also when the request named none."""

    stores_members: Annotated[
        tuple[str, ...] | None, Described("The members that a group is left with, by id or name; none empties it")
    ] = None

    def members(self, locate: Callable[[str], str | None]) -> list[str]:
        """The ids of the members; unknown names are ignored."""
        return [id for name in self.stores_members or () if (id := locate(name)) is not None]


@dataclass(frozen=True, slots=True)
class Later(Effect):
    """Answers 202 now, unless `status` says otherwise, and makes the change some time after."""

    moments: ClassVar[tuple[Moment, ...]] = ("later",)
    meets: ClassVar[tuple[str, ...]] = (*_CHANGES, "*.delete", "member.*")
    needs_entity: ClassVar[bool] = True

    applies_after: Annotated[Seconds, Described("Seconds until the change is made")] = 0.0
