"""A preset that resembles a product: the flags and faults that imitate it, and what each of them is taken from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


class Behaviour(NamedTuple):
    """One thing that a product does and its preset does as well, with the page that says so.

    `name` is the name of the test that shows it.
    """

    name: str
    doc: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """Flags and faults that imitate a product. `source` names the pages that describe it."""

    doc: str
    source: str
    flags: Mapping[str, Any]
    faults: Sequence[Mapping[str, Any]] = ()
    behaviours: Sequence[Behaviour] = ()
