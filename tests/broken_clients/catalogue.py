"""The catalogue of broken clients; a new one is added to the module it belongs to and appears here by itself."""

from __future__ import annotations

from collections.abc import Mapping

from . import combining, counting, drifting, grouping, leaving, linking, mapping, retrying, switching
from .breaking import BROKEN, BrokenClient

MODULES = (linking, switching, combining, leaving, retrying, grouping, drifting, mapping, counting)


def all() -> Mapping[str, BrokenClient]:
    """Every broken client, by name, module by module."""
    places = [module.__name__ for module in MODULES]
    return dict(sorted(BROKEN.items(), key=lambda entry: places.index(entry[1].part.__module__)))
