"""The reference of checks: everything that judges a client, with its claim, source and usual fix."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import cell, table

INTRODUCTION = """\
What a client is judged by at every checkpoint of a scenario, and after the phases of a generated one, those nearest to
the cause of a failure first. `provcheck explain NAME` prints an entry. [Judge a client](../judge.md) says how checks
and scenarios work together."""


def page() -> str:
    """The page of all checks."""
    return markdown.page("Checks", INTRODUCTION, _tables())


def _tables() -> Iterator[str]:
    from provcheck.harness import checks

    named = checks.of(("scenario", "refusal", "watch"))
    for title, found in (
        ("In every scenario", named),
        ("In generated scenarios alone", [each for each in checks.all() if each not in named]),
    ):
        yield from (f"## {title}", "")
        rows = ((f"`{each.name}`", cell(each.claim), cell(each.source), cell(each.fix)) for each in found)
        yield from table(("check", "claim", "source", "usual fix"), rows)
