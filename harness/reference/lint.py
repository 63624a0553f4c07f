"""The reference of lint rules: the claim of each, where it is written, and how to mend a violation."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

INTRODUCTION = """\
What `provcheck lint` asks of recorded requests, and `provcheck watch` of those that arrive. `error`: broken or
dangerous. `warning`: likely to fail somewhere. `info`: could be better. `provcheck lint --list` prints the same."""


def page() -> str:
    """The page of all rules."""
    return markdown.page("Lint rules", INTRODUCTION, _tables())


def _tables() -> Iterator[str]:
    from provcheck.harness.vendors import linter

    rows = (
        (each.id, each.severity, *map(cell, (each.claim, each.source, each.fix)))
        for each in sorted(linter().rules, key=lambda rule: rule.id)
    )
    yield from table(("rule", "severity", "claim", "source", "fix"), rows)
