"""The names of operations, by which the journal counts and faults are addressed: `user.create`, `member.add`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from fnmatch import fnmatchcase

from provcheck.mock_targets.reading import nearest, shown

VERBS = ("list", "get", "create", "replace", "update", "disable", "delete", "unknown")
"""What is done to a resource. `unknown` is a request about one whose method or URL no API has."""
OTHER_OPERATIONS = ("member.add", "member.remove", "bulk", "search", "me", "discovery", "unknown")


def operation_names(kinds: Iterable[str], more: Iterable[str] = ()) -> tuple[str, ...]:
    """The operations on these kinds of resource (User, Group), and those that belong to no kind."""
    of_kinds = (f"{kind.lower()}.{verb}" for kind in kinds for verb in VERBS)
    return tuple(dict.fromkeys((*of_kinds, *OTHER_OPERATIONS, *more)))


def unknown_operation(pattern: str, names: Collection[str]) -> str | None:
    """Why a pattern (`user.create`, `member.*`) means no operation, in one line; None if it means one."""
    if any(fnmatchcase(name, pattern) for name in names):
        return None
    kinds = dict.fromkeys(f"{name.partition('.')[0]}.*" for name in names if "." in name)
    hint = nearest(pattern, [*names, *kinds]) or f"; there are {', '.join(names)}"
    return f"there is no operation {shown(pattern)}{hint}"
