"""The catalogue of broken clients; a new one is added to the module it belongs to and appears here by itself."""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    answering,
    authorizing,
    combining,
    confusing,
    counting,
    departing,
    drifting,
    foreign,
    grouping,
    leaving,
    linking,
    mapping,
    misjudging,
    misnaming,
    racing,
    regrouping,
    restarting,
    retrying,
    switching,
    telling,
    writing,
)
from .breaking import BROKEN, BrokenClient

DRAWN = (
    linking,
    switching,
    combining,
    leaving,
    departing,
    retrying,
    grouping,
    drifting,
    mapping,
    counting,
)
"""Mistakes about what generated scenarios draw, so that they may catch them."""
NAMED = (
    answering,
    authorizing,
    confusing,
    departing,
    foreign,
    misjudging,
    misnaming,
    racing,
    regrouping,
    restarting,
    telling,
    writing,
)
"""Mistakes about what they never draw: named scenarios alone catch them."""
MODULES = (*DRAWN, *NAMED)


def all() -> Mapping[str, BrokenClient]:
    """Every broken client, by name, module by module."""
    places = [module.__name__ for module in MODULES]
    return dict(sorted(BROKEN.items(), key=lambda entry: places.index(entry[1].part.__module__)))


def drawn() -> Mapping[str, BrokenClient]:
    """The broken clients that generated scenarios may catch, by name."""
    places = {module.__name__ for module in DRAWN}
    return {name: client for name, client in all().items() if client.part.__module__ in places}
