"""What shows a finding: the exchanges that it names with their neighbours, out of the journal of the case.

A finding about a counter names none; then the exchanges about what it counts are shown, failed ones first. A case shows
a bounded number of exchanges, each of bounded size.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from provcheck.harness.model.excerpt import Excerpt
from provcheck.harness.model.finding import Finding

AT_MOST = 60
"""Exchanges shown of one case."""
FOR_EACH = 20
"""Exchanges shown for one finding, without their neighbours."""
BODY = 1500
"""Characters shown of one body."""
CUT = " …"

OPERATIONS: Mapping[str, tuple[str, ...]] = {"users": ("user.",), "groups": ("group.", "member.")}
"""Section of a counter -> how the operations begin that it counts."""

Entry = Mapping[str, Any]


def evidence(journal: Sequence[Entry], findings: Sequence[Finding]) -> tuple[Excerpt, ...]:
    """The exchanges that show these findings, oldest first."""
    places = {entry["seq"]: place for place, entry in enumerate(journal)}
    chosen: dict[int, None] = {}
    for finding in findings:
        named = [places[seq] for seq in finding.exchanges if seq in places]
        about = named or [places[entry["seq"]] for entry in _about(finding, journal)]
        chosen.update(dict.fromkeys(_ends(about)))
    first = list(chosen)[:AT_MOST]
    beside = (near for place in first for near in (place - 1, place + 1) if 0 <= near < len(journal))
    shown = list(dict.fromkeys([*first, *beside]))[:AT_MOST]
    telling = {seq for finding in findings for seq in finding.exchanges}
    return tuple(
        _excerpt(entry, telling=_tells(entry, telling)) for entry in (journal[place] for place in sorted(shown))
    )


def _tells(entry: Entry, named: Container[int]) -> bool:
    return entry["seq"] in named or _went_wrong(entry) or entry["applied"] != "none"


def _ends(places: Sequence[int]) -> Sequence[int]:
    """A bounded number of them: the first ones, and the last."""
    return places if len(places) <= FOR_EACH else [*places[: FOR_EACH - 1], places[-1]]


def _about(finding: Finding, journal: Sequence[Entry]) -> list[Entry]:
    """The exchanges about an entity or a counter, what went wrong first, then what changed something."""
    found = [entry for entry in journal if _concerns(entry, finding)]
    telling = [entry for entry in found if _went_wrong(entry)]
    writes = [entry for entry in found if entry["applied"] != "none" and entry not in telling]
    return (telling + writes or found)[:FOR_EACH]


def _concerns(entry: Entry, finding: Finding) -> bool:
    if finding.section:
        return any(operation.startswith(OPERATIONS[finding.section]) for operation in _operations(entry))
    return finding.entity.casefold() in (name.casefold() for name in _names(entry))


def _went_wrong(entry: Entry) -> bool:
    return bool(entry["status"] is None or entry["status"] >= 400 or entry["faults"] or entry["answer"] != "complete")


def _operations(entry: Entry) -> Iterator[str]:
    yield entry["operation"]
    yield from (intent["operation"] for intent in entry["intents"])


def _names(entry: Entry) -> Iterator[str]:
    for intent in entry["intents"]:
        yield from filter(None, (intent["id"], *intent["names"]))


def _excerpt(entry: Entry, *, telling: bool) -> Excerpt:
    query = f"?{entry['query']}" if entry["query"] else ""
    return Excerpt(
        seq=entry["seq"],
        at=entry["at"],
        method=entry["method"],
        path=_cut(f"{entry['path']}{query}"),
        operation=entry["operation"],
        names=tuple(entry["names"]),
        status=entry["status"],
        applied=entry["applied"],
        answer=entry["answer"],
        faults=tuple(entry["faults"]),
        refused_by=entry["refused_by"],
        request=_cut(entry["request"]["body"]),
        response=_cut(entry["response"]["body"]),
        telling=telling,
    )


def _cut(text: str) -> str:
    return text if len(text) <= BODY else text[:BODY] + CUT
