"""Multi-valued attributes of which a vendor keeps so many values only: one address, two phone numbers.

Each value that is kept has a slot. The values that a client sends are laid over the slots, the primary one first.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.text import fold
from provcheck.mock_targets.query.tree import described_values, paths
from provcheck.mock_targets.scim.errors import InvalidValue, Mutability
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.paths import PatchPath
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.values import merge_complex

Item = Mapping[str, Any]
Rule = Callable[[Item], bool]


def anything(item: Item) -> bool:
    """The rule that any value fits."""
    return True


def is_primary(item: Item) -> bool:
    """Whether a value is said to be the primary one."""
    return item.get("primary") is True


def is_unmarked(item: Item) -> bool:
    """Whether a value has neither a type nor a mark as the primary one."""
    return item.get("type") is None and item.get("primary") is None


def has_type(name: str) -> Rule:
    """The rule that values of a type fit, unless they are said not to be the primary one."""
    return lambda item: item.get("type") == name and item.get("primary") is not False


@dataclass(frozen=True, slots=True)
class Slot:
    """One value that is kept. `mark` is what tells it from the others, and is shown with it.

    It takes the first value that fits the first of its `rules` that any value fits. One that `is_needed` takes any
    value before it stays empty, and is not emptied when the whole attribute is removed.
    """

    mark: Mapping[str, Any]
    rules: tuple[Rule, ...] = (anything,)
    is_needed: bool = False

    def choose(self, items: Sequence[Item], *, is_empty: bool) -> Item | None:
        """The value that goes into the slot; None when no value does."""
        rules = (*self.rules, anything) if self.is_needed and is_empty else self.rules
        return next((item for rule in rules for item in items if rule(item)), None)

    def holds(self, entry: Item) -> bool:
        """Whether a value that is kept is the one in this slot."""
        return all(entry.get(key) == value for key, value in self.mark.items())


@dataclass(frozen=True, slots=True)
class Slots:
    """The slots of an attribute, in the order in which they are shown, and what is kept of each value.

    With `is_distinct` a value that is in two slots stays in the first alone. `takes_texts` says whether a value may be
    sent as a plain text. `check` gives a value that was sent as it is kept, or raises a refusal.
    """

    slots: tuple[Slot, ...]
    parts: tuple[str, ...] = ("value",)
    takes_texts: bool = False
    is_distinct: bool = False
    check: Callable[[Json], Json] = lambda item: item

    def changed(self, op: str, path: PatchPath, value: Any, kept: Sequence[Item], leniency: Leniency) -> list[Json]:
        """What is kept after an operation; `value` None means none.

        Raises InvalidValue, Mutability and what `check` raises.
        """
        attribute, sub = path.place.attribute, path.place.sub
        assert attribute is not None
        if path.query is not None:
            return self._selected(op, path, value, kept, leniency)
        if op == "replace" and not value and any(slot.is_needed for slot in self.slots):
            raise Mutability(f"{attribute.path} is required and cannot become unassigned")
        if op == "remove" or value is None:
            return self.without(kept, None if value is None else self.read(attribute, value, leniency))
        sent = self.read(attribute, value if sub is None else {sub.name: value}, leniency)
        return self.filled(kept, sent, replaces=op == "replace")

    def _selected(self, op: str, path: PatchPath, value: Any, kept: Sequence[Item], leniency: Leniency) -> list[Json]:
        """An operation on some of the values; where there is no such value, one is made as the selection says."""
        attribute, sub, query, test = path.place.attribute, path.place.sub, path.query, path.test
        assert attribute is not None
        assert query is not None
        assert test is not None
        chosen = [item for item in kept if test(item)]
        by_value = "value" in {each.lower() for each in paths(query)}
        if not chosen and not by_value and len(self.slots) == 1:
            chosen = list(kept)  # there is only one, whatever its type was
        if op == "remove":
            return self.without(kept, chosen)
        if not chosen and by_value:
            return [dict(item) for item in kept]
        before = chosen[0] if chosen else described_values(query) or {}
        said = value if isinstance(value, dict) else {sub.name if sub else "value": value}
        items = self.read(attribute, {**before, **said}, leniency)
        return self.updated(kept, chosen[0], items[0]) if chosen else self.filled(kept, items, replaces=False)

    def read(self, attribute: Attribute, value: Any, leniency: Leniency) -> list[Json]:
        """The values that a client sends. Raises InvalidValue, InvalidSyntax and what `check` raises."""
        listed = value if isinstance(value, list) else [value]
        if not self.takes_texts and not all(isinstance(item, dict) for item in listed):
            raise InvalidValue(f"every one of {attribute.path} is an object")
        return [self.check(merge_complex(attribute, {}, item, leniency)) for item in listed]

    def filled(self, kept: Sequence[Item], sent: Iterable[Item], *, replaces: bool) -> list[Json]:
        """What is kept when these values are laid over those that are there, or stand in their place (`replaces`)."""
        new: dict[int, Item] = {} if replaces else self._by_slot(kept)
        rest = list(sent)
        for index, slot in sorted(enumerate(self.slots), key=lambda place: not is_primary(place[1].mark)):
            item = slot.choose(rest, is_empty=index not in new)
            if item is None:
                continue
            rest = [other for other in rest if other is not item]
            new.pop(index, None)
            if any(item.get(part) for part in self.parts):
                new[index] = item
        return self._entries(new)

    def updated(self, kept: Sequence[Item], chosen: Item, said: Item) -> list[Json]:
        """What is kept when the parts of a value become others; its slot stays."""
        new = {index: said if item == chosen else item for index, item in self._by_slot(kept).items()}
        return self._entries({index: item for index, item in new.items() if any(item.get(p) for p in self.parts)})

    def without(self, kept: Sequence[Item], gone: Iterable[Item] | None = None) -> list[Json]:
        """What is kept without the values that agree with one of these in all parts; None: just needed ones."""
        if gone is None:
            return self._entries({n: item for n, item in self._by_slot(kept).items() if self.slots[n].is_needed})
        named = [self._compared(item) for item in gone]
        return [dict(item) for item in kept if self._compared(item) not in named]

    def shown(self, kept: Sequence[Item], *, empty: bool = True) -> list[Json]:
        """The values as they are shown, those of empty slots (`empty`) with nulls."""
        places = self._by_slot(kept)
        found = [(slot, places.get(index, {})) for index, slot in enumerate(self.slots)]
        return [{**{part: item.get(part) for part in self.parts}, **slot.mark} for slot, item in found if item or empty]

    def _by_slot(self, kept: Sequence[Item]) -> dict[int, Item]:
        return {index: item for index, slot in enumerate(self.slots) for item in kept if slot.holds(item)}

    def _entries(self, places: Mapping[int, Item]) -> list[Json]:
        """The values in the slots, in order; each with the parts that are kept and the mark of its slot."""
        entries: dict[Hashable, Json] = {}
        for index, slot in enumerate(self.slots):
            if index in places:
                kept = {part: places[index][part] for part in self.parts if places[index].get(part)}
                entries.setdefault(self._compared(kept) if self.is_distinct else index, {**kept, **slot.mark})
        return list(entries.values())

    def _compared(self, item: Item) -> tuple[str, ...]:
        return tuple(fold(str(item.get(part) or "")) for part in self.parts)
