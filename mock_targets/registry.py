"""Finds the targets: one `TARGET` per module of `vendors`, then the entry points of outside packages.

Modules are imported when their target is asked for, so that a command that needs none of them starts fast.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from provcheck.mock_targets import vendors
from provcheck.mock_targets.reading import nearest

if TYPE_CHECKING:
    from provcheck.mock_targets.target.target import TargetSpec

ENTRY_POINTS = "provcheck.targets"


class UnknownTarget(LookupError):
    """No target has this name."""


def names() -> list[str]:
    """The names of all targets, those of this package first."""
    own = [module.name for module in pkgutil.iter_modules(vendors.__path__) if not module.name.startswith("_")]
    return own + [point.name for point in entry_points(group=ENTRY_POINTS) if point.name not in own]


def _meant(name: str) -> str:
    """What was probably meant, as the end of a sentence."""
    target, plus, _ = name.partition("+")
    if plus and target in names():
        return f"; {name:.60} is a target configuration of check: provcheck list targets says how it is served"
    near = [each for each in names() if name and each.startswith(name)]
    return f"; did you mean {near[0]}?" if near else nearest(name, names())


@cache
def find(name: str) -> TargetSpec:
    """The declaration of a target. Raises UnknownTarget."""
    from provcheck.mock_targets.target.target import TargetSpec

    if name not in names():
        raise UnknownTarget(f"there is no target {name!r:.100}; there are {', '.join(names())}{_meant(name)}")
    for point in entry_points(group=ENTRY_POINTS, name=name):
        spec = point.load()
        break
    else:
        spec = import_module(f"provcheck.mock_targets.vendors.{name}").TARGET
    if not isinstance(spec, TargetSpec):
        raise UnknownTarget(f"{name!r} declares no TargetSpec")
    return spec
