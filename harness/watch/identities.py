"""Who is who on the wire: exchanges name users and groups by ids and names, and a name may pass to another.

An id is one user or group for good. A name belongs to whoever the target last said it does; what was only asked for by
a name, and has no id yet, becomes one with the first that has both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Identity:
    """One user or group, with its id and the names that are its own."""

    id: str = ""
    names: set[str] = field(default_factory=set)
    """Folded."""
    name: str = ""
    """The first name that was seen, as it was spelt."""
    failed: str = ""
    seq: int = 0
    """The exchange that failed."""
    open: bool = False
    """Whether a failed last write may have been applied; a later look-up decides."""
    removed: bool = False
    superseded: bool = False
    """Whether another one has a name that was its own."""
    refused: dict[str, Refused] = field(default_factory=dict)
    """Memberships whose last attempt failed, by the pair of group and user."""

    def absorb(self, other: Identity) -> None:
        """Take over what is known of another that turns out to be the same."""
        self.id, self.name = self.id or other.id, self.name or other.name
        self.names |= other.names
        self.seq = self.seq if self.failed else other.seq
        self.failed = self.failed or other.failed
        self.open = self.open or other.open
        self.removed = self.removed and other.removed
        self.refused |= other.refused


@dataclass(frozen=True, slots=True)
class Refused:
    """A membership that could not be added or removed: how it failed, and in which exchange.

    `settled_by` are names and ids, folded, of the user: the failure is none if one of them is (for a removal: if none
    is) among the members at the end.
    """

    how: str
    seq: int
    settled_by: frozenset[str] = frozenset()
    is_removal: bool = False

    def stands(self, members: frozenset[str]) -> bool:
        """Whether it is a failure still, with these members at the end."""
        return bool(self.settled_by & members) is self.is_removal


class Identities:
    """Finds the user or group that an exchange is about."""

    def __init__(self) -> None:
        self._by_id: dict[str, Identity] = {}
        self._by_name: dict[str, Identity] = {}

    def one(self, names: Iterable[str], key: str = "", *, owns: bool = True) -> Identity:
        """Return the one with this id (`key`), or else with these names; created if there is none.

        With `owns` the target itself says that the names belong to the id; else they are what a client asked for.
        """
        spelt = list(names)
        folded = [name.casefold() for name in spelt]
        held = list({id(each): each for name in folded if (each := self._by_name.get(name))}.values())
        found = self._known_by_id(key.casefold(), held) if key else self._asked_for(held, folded)
        for other in held:
            if other is not found and not other.id:
                found.absorb(other)
        for name in {*folded, *found.names}:
            self._give(name, found, takes=bool(key) and owns)
        found.name = found.name or next(iter(spelt), "") or key
        return found

    def _known_by_id(self, key: str, held: list[Identity]) -> Identity:
        found = self._by_id.get(key) or next((each for each in held if not each.id), None) or Identity()
        found.id = key
        self._by_id[key] = found
        return found

    def _asked_for(self, held: list[Identity], folded: list[str]) -> Identity:
        """The one that has most of the names; one with an id must have half of them, for a name may have passed on."""
        if len(folded) == 1 and folded[0] in self._by_id:
            return self._by_id[folded[0]]
        near = [each for each in held if not each.id or 2 * len(each.names & set(folded)) >= len(folded)]
        return max(near, key=lambda each: len(each.names & set(folded)), default=None) or Identity()

    def _give(self, name: str, to: Identity, *, takes: bool) -> None:
        holder = self._by_name.get(name)
        if holder is not None and holder is not to and holder.id:
            if not takes:
                return
            holder.names.discard(name)
            holder.superseded = True
        self._by_name[name] = to
        to.names.add(name)

    def known(self, names: Iterable[str], key: str = "") -> list[Identity]:
        """Return who has this id; else those that have one of the names."""
        if key.casefold() in self._by_id:
            return [self._by_id[key.casefold()]]
        found = (self._by_name.get(name.casefold()) for name in names)
        return list({id(each): each for each in found if each}.values())

    def may_have(self, names: Iterable[str], key: str) -> bool:
        """Whether the id is known, or somebody without an id has one of the names: a second account is nobody's."""
        found = self.known(names, key)
        return any(not each.id or each.id == key.casefold() for each in found)

    def all(self) -> list[Identity]:
        """Return each once."""
        return list({id(each): each for each in (*self._by_id.values(), *self._by_name.values())}.values())
