"""The operations of one request, independent of the protocol: each is announced, carried out, then recorded.

Code that changes a resource first calls `announce`, outside the directory's lock (a fault may wait there), and
`applied` afterwards. Permissions, faults and the journal depend on these two calls.
"""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from types import NoneType
from typing import Protocol

from provcheck.mock_targets.directory import Directory, Document, NotFound
from provcheck.mock_targets.faults.effects.changes import MembersEffect, StoredEffect
from provcheck.mock_targets.faults.effects.connections import Delay
from provcheck.mock_targets.faults.effects.directory import DirectoryEffect
from provcheck.mock_targets.faults.facts import Naming, RequestFacts
from provcheck.mock_targets.faults.fault import Moment
from provcheck.mock_targets.faults.plan import Firing
from provcheck.mock_targets.journal.journal import Exchange, Intent
from provcheck.mock_targets.target.common_flags import flag_of_operation
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.target.target import Target

_ONE_RESOURCE = (".get", ".update", ".replace", ".disable", ".delete")
"""Suffixes of the operations on a resource that is addressed by its id."""


class Forbidden(Exception):
    """A flag of the target forbids an operation. `flag` is its name."""

    def __init__(self, detail: str, *, flag: str) -> None:
        super().__init__(detail)
        self.detail, self.flag = detail, flag


class FaultStrikes(Exception):
    """A fault ends the request; the operation that it struck has changed nothing."""

    def __init__(self, firing: Firing) -> None:
        super().__init__(firing.fault.name)
        self.firing = firing


class Postponed(Exception):
    """A fault postpones the whole request: it is answered now, and carried out later."""

    def __init__(self, firing: Firing) -> None:
        super().__init__(firing.fault.name)
        self.firing = firing


class ResetMeanwhile(Exception):
    """The target was reset since the request arrived; it must not write into the fresh state."""


class Caller(Protocol):
    """The request that makes the operations, as faults see it."""

    @property
    def facts(self) -> RequestFacts:
        """The facts of the request."""

    @property
    def naming(self) -> Naming:
        """The API's names of attributes."""


class Operations:
    """The operations of one request, with the flag values at its start.

    `is_replay`: the request was answered some time ago, and is only now carried out. Without `meets_faults` no fault
    strikes them, nor do they count as its occasion.
    """

    __slots__ = (
        "_announced",
        "_caller",
        "_change",
        "_members",
        "_partial",
        "_pending",
        "_resets",
        "behaviour",
        "exchange",
        "is_replay",
        "list_faults",
        "meets_faults",
        "target",
    )

    def __init__(
        self,
        target: Target,
        exchange: Exchange,
        behaviour: Behaviour,
        caller: Caller,
        *,
        is_replay: bool = False,
    ) -> None:
        self.target, self.exchange, self.behaviour = target, exchange, behaviour
        self.is_replay, self.meets_faults = is_replay, True
        self.list_faults: list[Firing] = []
        """The list faults that strike the request."""
        self._caller: Caller | None = caller
        self._announced: dict[str, int] = {}
        self._change: tuple[Document, Document, bool] = {}, {}, False
        self._partial: Firing | None = None
        self._members = 0
        self._pending: list[Intent] = []
        self._resets = target.resets

    def part(self, caller: Caller, exchange: Exchange) -> Operations:
        """Return the operations of one part of a batch request, which has an exchange of its own."""
        part = Operations(self.target, exchange, self.behaviour, caller, is_replay=self.is_replay)
        part._resets = self._resets
        return part

    @property
    def directory(self) -> Directory:
        """The directory of the target."""
        return self.target.directory

    def announce(
        self,
        operation: str,
        *,
        kind: str | None = None,
        id: str | None = None,
        names: Iterable[str] = (),
        permitted_by: str | None = None,
    ) -> bool:
        """Announce an operation on an entity, by id and names. Return False if a fault drops this operation.

        Raises Forbidden when the flag that governs the operation (or `permitted_by`) is off, NotFound for a resource
        that cannot be seen yet, FaultStrikes and Postponed when a fault was armed for it, ResetMeanwhile.
        """
        self._check_reset()
        intent = self.exchange.intend(operation, kind=kind, id=id, names=names)
        flag = permitted_by or flag_of_operation(operation)
        if flag is not None and not getattr(self.behaviour, flag):
            raise Forbidden(f"{operation} is not allowed", flag=flag)
        if id is not None and operation.endswith(_ONE_RESOURCE) and self.target.replication_lag.hides_by_id(id):
            raise NotFound(kind or "", id)
        if self.meets_faults and self.target.faults.is_armed and not self._let_faults_in(intent):
            return False
        self._pending.append(intent)
        return True

    def expect(self, before: Document, after: Document, *, moves_members: bool) -> None:
        """Set the documents before and after the operations announced next, for faults with conditions about them."""
        self._change = before, after, moves_members

    def release(self) -> None:
        """Drop the reference to the finished request, so that no cycle waits for the garbage collector."""
        self._caller = None

    def arrive(self, operation: str) -> None:
        """Apply faults that were armed for the whole request: wait, or raise FaultStrikes."""
        if not self.target.faults.is_armed or not self.meets_faults:
            return
        filtering = self.facts.filtering
        names = filtering.values if filtering else ()
        for firing in self.target.faults.take_on_arrival(operation, names, self):
            self._suffer(firing, Intent(operation))
            if firing.fault.changes_lists:
                self.list_faults.append(firing)

    def strike(self, firing: Firing) -> None:
        """Record that a fault has changed something."""
        if firing.strike():
            self.exchange.strike(firing.fault.name, firing.fault.moment)

    def wait(self, firing: Firing) -> None:
        """Wait for the delay of a fault. Raises ResetMeanwhile."""
        for effect in firing.fault.each(Delay):
            self.target.clock.sleep(effect.delay)
            self._check_reset()
            self.strike(firing)

    def _check_reset(self) -> None:
        if self._resets != self.target.resets:
            raise ResetMeanwhile

    def applied(self, id: str | None = None) -> None:
        """Record that the announced operations were applied; `id` is that of a created resource."""
        for intent in self._pending:
            intent.applied = True
            intent.id = intent.id or id
        self._pending.clear()

    def unchanged(self) -> None:
        """Record that the announced operations changed nothing."""
        self._pending.clear()

    def kept(self, operation: str, before: Document, after: Document) -> Document:
        """Return the document to store: the new one, or what a fault stores in its place."""
        firing = self._partial
        if firing is None or not fnmatchcase(operation, firing.fault.operation):
            return after
        left = after
        for effect in firing.fault.each(StoredEffect):
            left = effect.apply(before, left, self.naming)
        if left == after or not self._is_storable(operation, left):
            return after
        self.strike(firing)
        self.exchange.is_partial = True
        return left

    def kept_members(self, operation: str) -> list[str] | None:
        """Return the ids of the members that a fault leaves in a group; None without such a fault."""
        firing = self._partial
        if firing is None or not fnmatchcase(operation, firing.fault.operation):
            return None
        return next((effect.members(self._locate) for effect in firing.fault.each(MembersEffect)), None)

    def members_replaced(self) -> None:
        """Record that a fault has stored other members than requested."""
        if self._partial is not None:
            self.strike(self._partial)
            self.exchange.is_partial = True

    @property
    def facts(self) -> RequestFacts:
        """The facts of the request."""
        assert self._caller is not None
        return self._caller.facts

    @property
    def naming(self) -> Naming:
        """The API's names of attributes."""
        assert self._caller is not None
        return self._caller.naming

    @property
    def parallel(self) -> int:
        """The number of requests that the target is answering, including this one."""
        return self.target.in_flight.count

    @property
    def changed(self) -> set[str]:
        """The attributes that the operation announced last would change, as dotted paths."""
        before, after, moves_members = self._change
        return {*differing(before, after), *({self.naming.word("members")} if moves_members else ())}

    def announced(self, pattern: str) -> int:
        """Return how many operations that match the pattern were announced so far."""
        return sum(count for operation, count in self._announced.items() if fnmatchcase(operation, pattern))

    def _let_faults_in(self, intent: Intent) -> bool:
        self._announced[intent.operation] = self._announced.get(intent.operation, 0) + 1
        firing = self._take(intent, "before")
        if firing is not None:
            self._suffer(firing, intent)
        later = None if self.is_replay else self._take(intent, "later")
        if later is not None:
            self.strike(later)
            raise Postponed(later)
        return not self._is_left_out(intent)

    def _take(self, intent: Intent, moment: Moment) -> Firing | None:
        part_of = self.exchange.batch or self.exchange.operation
        return self.target.faults.take(intent.operation, intent.known_as, moment, part_of=part_of, occasion=self)

    def _suffer(self, firing: Firing, intent: Intent) -> None:
        self.wait(firing)
        for effect in firing.fault.each(DirectoryEffect):
            if effect.apply(self.target, intent):
                self.strike(firing)
            if intent.kind and intent.id and self._is_gone(intent.kind, intent.id):
                raise NotFound(intent.kind, intent.id)
        if firing.fault.answers:
            raise FaultStrikes(firing)

    def _is_gone(self, kind: str, id: str) -> bool:
        return kind in self.target.spec.kinds and self.directory.locate(id) is None

    def _is_left_out(self, intent: Intent) -> bool:
        """Return True if a fault drops this part of the request."""
        if self._partial is None:
            self._partial = self._take(intent, "partial")
            if self._partial is None:
                return False
            self.wait(self._partial)
        fault = self._partial.fault
        if not intent.operation.startswith("member.") or not fault.matches(intent.operation, intent.known_as, None):
            return False
        self._members += 1
        if all(effect.keeps_member(self._members) for effect in fault.each(StoredEffect)):
            return False
        self.strike(self._partial)
        return True

    def _is_storable(self, operation: str, document: Document) -> bool:
        """Return True if the document can be stored: it has a name, and every index can read it."""
        kind = next((each for each in self.target.spec.kinds if each.lower() == operation.partition(".")[0]), None)
        if kind is None:
            return True
        core_mapping = self.target.spec.core_mapping
        try:
            for index in self.target.spec.kinds[kind]:
                [index.key(value) for value in index.values(document)]
            if kind == "Group":
                return bool(core_mapping.read_group(document).get("displayName"))
            return bool(core_mapping.read_user(document).get("userName"))
        except (KeyError, TypeError, ValueError, AttributeError):
            return False

    def _locate(self, name: str) -> str | None:
        """Return the id of the resource with an id or a name; None if there is none."""
        if self.directory.locate(name) is not None:
            return name
        names_of, wanted = self.target.spec.core_mapping.names_of, name.casefold()
        every = (record for kind in self.target.spec.kinds for record in self.directory.all(kind))
        return next((r.id for r in every if wanted in {each.casefold() for each in names_of(r)}), None)


def differing(before: Document, after: Document, at: str = "") -> set[str]:
    """Return the attributes in which two documents differ, as dotted paths."""
    found = set()
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old != new:
            found.add(f"{at}{name}")
            if isinstance(old, dict | NoneType) and isinstance(new, dict | NoneType):
                found |= differing(old or {}, new or {}, f"{at}{name}.")
    return found
