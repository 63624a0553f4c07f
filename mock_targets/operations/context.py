"""What one request does to a target, whatever the protocol: every operation is announced, then made, then noted.

Whoever changes something announces it before, outside the directory's lock (a fault may wait there), and calls
`applied` once it is made. Permissions, faults and the journal hang on these two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Protocol

from provcheck.mock_targets.directory import Directory, Document, NotFound
from provcheck.mock_targets.faults.fault import Fault
from provcheck.mock_targets.faults.races import left_of, make_rival, take_away
from provcheck.mock_targets.journal.journal import Exchange, Intent
from provcheck.mock_targets.target.common_flags import FLAG_OF_OPERATION
from provcheck.mock_targets.target.flags import Behaviour
from provcheck.mock_targets.target.target import Target

_ONE_RESOURCE = (".get", ".update", ".replace", ".disable", ".delete")
"""Endings of the operations that reach a resource by its id."""


class Forbidden(Exception):
    """A flag of the target forbids an operation. `flag` is its name."""

    def __init__(self, detail: str, *, flag: str) -> None:
        super().__init__(detail)
        self.detail, self.flag = detail, flag


class FaultStrikes(Exception):
    """A fault armed for this moment ends the request; nothing was changed by what it struck."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class Postponed(Exception):
    """A fault puts the whole request off: it is answered now, and made later."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault


class RequestFacts(Protocol):
    """What the protocol knows of a request, for faults that are meant for some requests only."""

    @property
    def method(self) -> str:
        """The method of the request; empty where the protocol has none."""

    def has(self, trait: str) -> bool:
        """Whether the request is of this kind."""


class Operations:
    """The operations of one request, under the flag values that were in force when it began.

    `is_replay`: the request was answered some time ago, and is only now carried out. `list_fault` says in what way
    its list goes wrong.
    """

    __slots__ = (
        "_announced",
        "_facts",
        "_kept",
        "_partial",
        "_pending",
        "behaviour",
        "exchange",
        "is_replay",
        "list_fault",
        "target",
    )

    def __init__(
        self,
        target: Target,
        exchange: Exchange,
        behaviour: Behaviour,
        facts: RequestFacts,
        *,
        is_replay: bool = False,
    ) -> None:
        self.target, self.exchange, self.behaviour, self.is_replay = target, exchange, behaviour, is_replay
        self.list_fault: str | None = None
        self._facts = facts
        self._announced: Counter[str] = Counter()
        self._partial: Fault | None = None
        self._kept = 0
        self._pending: list[Intent] = []

    def part(self) -> Operations:
        """Those of one part of a request that asks for several things: same exchange, an outcome of its own."""
        return Operations(self.target, self.exchange, self.behaviour, self._facts, is_replay=self.is_replay)

    @property
    def directory(self) -> Directory:
        """What the target holds."""
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
        """Announce an operation on an entity, by id and names. Return False if a fault drops it without a word.

        Raises Forbidden when the flag that governs the operation (or `permitted_by`) is off, NotFound for a resource
        that cannot be seen yet, FaultStrikes and Postponed when a fault was armed for it.
        """
        intent = self.exchange.intend(operation, kind=kind, id=id, names=names)
        flag = permitted_by or FLAG_OF_OPERATION.get(operation)
        if flag is not None and not getattr(self.behaviour, flag):
            raise Forbidden(f"{operation} is not allowed", flag=flag)
        if id is not None and operation.endswith(_ONE_RESOURCE) and self.target.replication_lag.hides_by_id(id):
            raise NotFound(kind or "", id)
        if self.target.faults.is_armed and not self._let_faults_in(intent):
            return False
        self._pending.append(intent)
        return True

    def arrive(self, operation: str, names: Iterable[str]) -> None:
        """Let a fault that was armed for the whole request take effect: wait, or raise FaultStrikes.

        `names` are those that the request looks for, as far as they can be told before it is read.
        """
        if self.target.faults.is_armed:
            fault = self.target.faults.take(operation, names, "before", occasion=self, at_door=True)
            if fault is not None:
                self._suffer(fault, Intent(operation))

    def applied(self, id: str | None = None) -> None:
        """Note that everything announced was done; `id` is that of a resource that this made."""
        for intent in self._pending:
            intent.applied = True
            intent.id = intent.id or id
        self._pending.clear()

    def kept(self, operation: str, before: Document, after: Document) -> Document:
        """What a change of a resource comes to, if a fault drops some of the attributes without a word."""
        fault = self._partial
        if fault is None or not fnmatchcase(operation, fault.operation):
            return after
        left = left_of(before, after, fault)
        if left != after:
            self.exchange.is_partial = True
        return left

    @property
    def method(self) -> str:
        """The method of the request."""
        return self._facts.method

    @property
    def parallel(self) -> int:
        """How many requests the target is answering, this one included."""
        return self.target.in_flight.count

    def has(self, trait: str) -> bool:
        """Whether the request is of this kind."""
        return self._facts.has(trait)

    def announced(self, pattern: str) -> int:
        """How many operations that match the pattern were announced so far."""
        return sum(count for operation, count in self._announced.items() if fnmatchcase(operation, pattern))

    def _let_faults_in(self, intent: Intent) -> bool:
        operation, own = intent.operation, (*intent.names, *((intent.id,) if intent.id else ()))
        self._announced[operation] += 1
        whole, faults = self.exchange.operation, self.target.faults
        fault = faults.take(operation, own, "before", part_of=whole, occasion=self)
        if fault is not None:
            self._suffer(fault, intent)
        later = None if self.is_replay else faults.take(operation, own, "later", part_of=whole, occasion=self)
        if later is not None:
            self.exchange.strike(later.name, later.moment)
            raise Postponed(later)
        return not self._is_left_out(operation, own)

    def _suffer(self, fault: Fault, intent: Intent) -> None:
        self.exchange.strike(fault.name, fault.moment)
        self.target.clock.sleep(fault.delay)
        self.list_fault = fault.lists or self.list_fault
        if fault.rival is not None:
            make_rival(self.target, fault, intent)
        if fault.vanishes:
            take_away(self.target, intent)
        if fault.answers:
            raise FaultStrikes(fault)

    def _is_left_out(self, operation: str, own: tuple[str, ...]) -> bool:
        """Whether a fault drops this part of the request without a word."""
        if self._partial is None:
            self._partial = self.target.faults.take(
                operation, own, "partial", part_of=self.exchange.operation, occasion=self
            )
            if self._partial is None:
                return False
            self.exchange.strike(self._partial.name, self._partial.moment)
            self.target.clock.sleep(self._partial.delay)
        if not operation.startswith("member.") or not self._partial.matches(operation, own, None):
            return False
        self._kept += 1
        return self._kept > (self._partial.keeps or 0)
