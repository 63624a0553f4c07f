"""The reference of scenarios: the claim of each and the page or section it comes from."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

INTRODUCTION = """\
What `provcheck check` plays, on every target configuration that has what the scenario needs. `provcheck explain NAME`
prints the steps of one and what must be seen after each; `provcheck check --scenario NAME` plays it."""
LEVELS = {
    "documented": "Documented: an example or a sentence of the vendor's pages",
    "derived": "Derived: what follows from those for other situations",
}


def page() -> str:
    """The page of all named scenarios."""
    return markdown.page("Scenarios", INTRODUCTION, _tables())


def _tables() -> Iterator[str]:
    from provcheck.harness import scenarios

    for level, title in LEVELS.items():
        yield from (f"## {title}", "")
        rows = (
            (f"`{each.name}`", cell(each.claim), cell(str(each.source)), cell(", ".join(sorted(each.needs)) or "-"))
            for each in scenarios.all()
            if each.level == level
        )
        yield from table(("scenario", "claim", "source", "needs"), rows)
