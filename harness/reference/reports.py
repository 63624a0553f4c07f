"""The reference of reports: how each is asked for, for whom it is, and what is in it."""

from __future__ import annotations

from provcheck.harness.reference import markdown
from provcheck.harness.reference.markdown import table

INTRODUCTION = """\
What `--report` of `provcheck check`, `watch` and `report` writes; it can be given several times."""


def page() -> str:
    """The page of all kinds."""
    from provcheck.harness.report.kinds import KINDS, usage

    rows = ((f"`{usage(word)}`", kind.audience, kind.contents) for word, kind in KINDS.items())
    return markdown.page("Reports", INTRODUCTION, table(("report", "for", "what is in it"), rows))
