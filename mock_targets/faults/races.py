"""What a fault does to a target or a request before the answer: rivals, things that vanish, lists asked otherwise.

Everything here goes through the directory as if somebody else had done it, so the target's own refusal is a true one.
"""

from __future__ import annotations

import re
from contextlib import suppress

from provcheck.mock_targets.directory import Conflict, Document, NotFound
from provcheck.mock_targets.faults.fault import Fault
from provcheck.mock_targets.journal.journal import Intent
from provcheck.mock_targets.target.target import Target

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SHIFTS = {"repeats_row": -1, "skips_row": 1}


def make_rival(target: Target, fault: Fault, intent: Intent) -> None:
    """Somebody else makes a resource of the same name, with nothing but its name and address."""
    if not intent.operation.endswith(".create") or not intent.names or intent.kind is None:
        return
    name, core_mapping = intent.names[0], target.spec.core_mapping
    if intent.kind == "Group":
        document = core_mapping.write_group({"displayName": name})
    else:
        email = next((each for each in intent.names if "@" in each), None)
        document = core_mapping.write_user({"userName": name, "email": email, "active": fault.rival == "active"})
    with suppress(Conflict):  # somebody was faster still
        made = target.directory.add(intent.kind, document)
        target.replication_lag.hide(made.id, by_filter=fault.hides_by_filter)


def take_away(target: Target, intent: Intent) -> None:
    """Somebody else deletes what is addressed. Raises NotFound, as the target itself would from now on."""
    if intent.id is None or intent.kind is None or intent.kind not in target.spec.kinds:
        return
    with suppress(NotFound):
        target.directory.remove(intent.kind, intent.id)
    raise NotFound(intent.kind, intent.id)


def left_of(before: Document, after: Document, fault: Fault) -> Document:
    """The document when only part of the changed attributes is taken: the first few, or all but the named ones."""
    changed = [name for name in {**after, **before} if before.get(name) != after.get(name) and name != "schemas"]
    if fault.keeps is not None and before:
        ignored = set(changed[fault.keeps :])
    else:
        ignored = set(fault.drops)
    left = {name: value for name, value in after.items() if name not in ignored}
    left |= {name: before[name] for name in ignored if name in before}
    return before if left == before else left


def quoted(filter: str | None) -> tuple[str, ...]:
    """The texts that a filter names."""
    return tuple(_QUOTED.findall(filter or ""))


def shifted(list_fault: str, name: str, given: str) -> str | None:
    """A query parameter as a target understands it that gets its lists wrong."""
    if name == "filter" and list_fault == "unfiltered":
        return None
    if name != "startIndex" or not (given.isascii() and given.isdigit() and 0 < len(given) < 16):
        return given
    if list_fault == "repeats_page":
        return "1"
    return str(max(1, int(given) + (_SHIFTS.get(list_fault, 0) if int(given) > 1 else 0)))
