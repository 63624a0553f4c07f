"""The reference of checks: everything that judges a client, with its claim and where that comes from."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

INTRODUCTION = """\
What a client is judged by at every rest of a scenario, and after the phases of a generated one. `provcheck explain
NAME` prints an entry. [Judge a client](../judge.md) says how checks and scenarios work together."""


def page() -> str:
    """The page of all checks."""
    return markdown.page("Checks", INTRODUCTION, _tables())


def _tables() -> Iterator[str]:
    from provcheck.harness.oracle.invariants import INVARIANTS
    from provcheck.harness.run import checks

    for title, found in (("In every scenario", checks()), ("In generated scenarios", INVARIANTS)):
        yield from (f"## {title}", "")
        rows = ((f"`{each.name}`", cell(each.claim), cell(each.source)) for each in found)
        yield from table(("check", "claim", "source"), rows)
