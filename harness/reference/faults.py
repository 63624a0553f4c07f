"""The reference of faults: what each does, what a correct client does about it, and where it was seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

if TYPE_CHECKING:
    from provcheck.harness.testbed.catalog import NamedFault

INTRODUCTION = """\
The faults that can be armed by name: with `--fault TARGET=NAME`, `POST /_control/targets/T/faults`, or
`scim_target.faults.arm_named(NAME)`. [Faults](../faults.md) explains how they work and how to describe your own.
*Applied* says whether the change is made (none: the fault is about reading)."""


HEADING = ("fault", "on the wire", "applied", "a correct client", "the counter", "seen at")


def page() -> str:
    """The page of the catalogue, by tier."""
    return markdown.page("Faults", INTRODUCTION, _by_tier())


def catalogue() -> str:
    """The catalogue as one table. Ends with a line break."""
    from provcheck.harness.testbed.catalog import faults

    return "\n".join(table(HEADING, map(_row, faults())))


def _by_tier() -> Iterator[str]:
    from provcheck.harness.testbed.catalog import TIERS, faults

    for number, tier in enumerate(TIERS, start=1):
        yield from (f"## Tier {number}: {tier}", "")
        yield from table(HEADING, (_row(each) for each in faults() if each.tier == number))


def _row(fault: NamedFault) -> Sequence[str]:
    return (f"`{fault.name}`", *map(cell, (fault.doc, fault.applied, fault.client, fault.counter, fault.seen)))
