"""Effects on the directory, as by a concurrent client: rivals, deletions, and resources not visible yet.

What is made or deleted here is truly there or gone, so the target's own refusal is a true one.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from provcheck.mock_targets.directory import Conflict, NotFound
from provcheck.mock_targets.faults.effects.effect import Effect, Moment, Seconds
from provcheck.mock_targets.journal.journal import Intent
from provcheck.mock_targets.reading import Described

if TYPE_CHECKING:
    from provcheck.mock_targets.target.target import Target


@dataclass(frozen=True, slots=True)
class DirectoryEffect(Effect):
    """An effect on the directory, before what was announced is done. What it removes is answered as not found."""

    moments: ClassVar[tuple[Moment, ...]] = ("before",)
    needs_entity: ClassVar[bool] = True

    def apply(self, target: Target, intent: Intent) -> bool:
        """Change the directory. Return whether anything is different now."""
        del target, intent
        return False


@dataclass(frozen=True, slots=True)
class Race(DirectoryEffect):
    """Makes a resource of the same name first, with nothing but its name and address, turned on or off."""

    given_by: ClassVar[tuple[str, ...]] = ("rival",)
    meets: ClassVar[tuple[str, ...]] = ("*.create",)

    rival: Annotated[
        Literal["active", "inactive"] | None, Described("Somebody else makes a resource of the same name first")
    ] = None
    hides_by_filter: Annotated[Seconds, Described("Seconds for which what was made cannot be found")] = 0.0

    def apply(self, target: Target, intent: Intent) -> bool:
        """Make the rival, unless the name is taken already."""
        if not intent.operation.endswith(".create") or not intent.names or intent.kind is None:
            return False
        name, core_mapping = intent.names[0], target.spec.core_mapping
        if intent.kind == "Group":
            document = core_mapping.write_group({"displayName": name})
        else:
            email = next((each for each in intent.names if "@" in each), None)
            core = {"userName": name, "email": email, "active": self.rival == "active"}
            known = core_mapping.user.places
            document = core_mapping.write_user({word: value for word, value in core.items() if word in known})
        with suppress(Conflict):  # somebody was faster still
            made = target.directory.add(intent.kind, document)
            target.replication_lag.hide(made.id, by_filter=self.hides_by_filter)
            return True
        return False


@dataclass(frozen=True, slots=True)
class Vanish(DirectoryEffect):
    """Deletes what is addressed first, so that the target no longer finds it."""

    meets: ClassVar[tuple[str, ...]] = ("*.get", "*.update", "*.replace", "*.disable", "*.delete")

    vanishes: Annotated[bool, Described("Somebody else deletes what is meant first")] = False

    def apply(self, target: Target, intent: Intent) -> bool:
        """Delete it."""
        if intent.id is None or intent.kind is None or intent.kind not in target.spec.kinds:
            return False
        with suppress(NotFound):
            target.directory.remove(intent.kind, intent.id)
            return True
        return False


@dataclass(frozen=True, slots=True)
class AfterwardsEffect(Effect):
    """An effect on the directory, after what was announced is done."""

    moments: ClassVar[tuple[Moment, ...]] = ("after",)

    def apply(self, target: Target, intents: Iterable[Intent]) -> bool:
        """Change the directory. Return whether anything is different now."""
        del target, intents
        return False


@dataclass(frozen=True, slots=True)
class HideFor(AfterwardsEffect):
    """Keeps what was made from being read by its id, or from being found in lists, for a while."""

    meets: ClassVar[tuple[str, ...]] = ("*.create",)

    hides_by_id: Annotated[Seconds, Described("Seconds for which what was made cannot be read")] = 0.0
    hides_by_filter: Annotated[Seconds, Described("Seconds for which what was made cannot be found")] = 0.0

    def apply(self, target: Target, intents: Iterable[Intent]) -> bool:
        """Hide every resource that was made. Return whether there was one."""
        made = [each.id for each in intents if each.applied and each.id and each.operation.endswith(".create")]
        for id in made:
            target.replication_lag.hide(id, by_id=self.hides_by_id, by_filter=self.hides_by_filter)
        return bool(made)
