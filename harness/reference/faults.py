"""The reference of faults: what each does, what a correct client does about it, and where it was seen."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

if TYPE_CHECKING:
    from provcheck.harness.testbed.catalog import NamedFault, Part

INTRODUCTION = """\
The faults that can be armed by name: with `--fault TARGET=NAME`, `POST /_control/targets/T/faults`, or
`scim_target.faults.arm_named(NAME)`. [Faults](../faults.md) explains how they work and how to describe your own.
*Applied* says whether the change is made (none: the fault is about reading)."""


HEADING = ("fault", "on the wire", "applied", "a correct client", "the counter", "seen at")


def page() -> str:
    """The page of the catalogue, by tier, and of what a fault can consist of."""
    return markdown.page("Faults", INTRODUCTION, [*_by_tier(), *_parts()])


def catalogue() -> str:
    """The catalogue as one table. Ends with a line break."""
    from provcheck.harness.testbed.catalog import faults

    return "\n".join(table(HEADING, map(_row, faults())))


def _by_tier() -> Iterator[str]:
    from provcheck.harness.testbed.catalog import TIERS, faults

    for number, tier in enumerate(TIERS, start=1):
        yield from (f"## Tier {number}: {tier}", "")
        yield from table(HEADING, (_row(each) for each in faults() if each.tier == number))


def _parts() -> Iterator[str]:
    from provcheck.harness.testbed.catalog import conditions, effects

    yield from ("## Conditions", "", "Which requests a fault is meant for; all those given must hold.", "")
    yield from table(("field", "meaning"), (row for kind in conditions() for row in _fields(kind)))
    yield from ("## Effects", "", "What a fault does, at which moments.", "")
    rows = (
        (cell(_summary(kind)), ", ".join(kind.moments), "; ".join(": ".join(each) for each in _fields(kind)))
        for kind in effects()
    )
    yield from table(("effect", "moments", "fields"), rows)


def _fields(kind: type[Part]) -> Iterator[tuple[str, str]]:
    from provcheck.harness.testbed.catalog import fields_of

    yield from ((f"`{name}`", cell(meaning)) for name, meaning in fields_of(kind).items())


def _summary(kind: type[Part]) -> str:
    """What a class says of itself, in its first sentence."""
    return (inspect.getdoc(kind) or "").split("\n\n")[0]


def _row(fault: NamedFault) -> Sequence[str]:
    return (f"`{fault.name}`", *map(cell, (fault.doc, fault.applied, fault.client, fault.counter, fault.seen)))
