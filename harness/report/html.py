"""The HTML report: one file without scripts that loads nothing from the network.

Whatever a client or a target said is text and stays text. The template escapes everything, and the
page itself forbids scripts and every outside resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from urllib.parse import unquote_plus

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from provcheck.harness.model.event import CheckpointReached, StepTaken
from provcheck.harness.model.expectation import either
from provcheck.harness.model.finding import Finding, ranked, root
from provcheck.harness.model.layout import EARLIER_GROUP_COUNTERS, LABELS_2025
from provcheck.harness.model.summary import COUNTERS
from provcheck.harness.report import record
from provcheck.harness.report.buffered import WholeReport
from provcheck.harness.report.case_record import Asserted, Played, asserted
from provcheck.harness.report.citations import parts
from provcheck.harness.report.exchanges import missing, pretty, time_of
from provcheck.harness.report.record import RunRecord
from provcheck.harness.report.text import counted, duration, printable

LEVELS = {
    "documented": "Documented examples",
    "derived": "Derived scenarios",
    "observed": "What was watched",
    "": "Scenarios",
}
WORDS = {**{word: word for word in record.VERDICTS}, "error": "error of ours"}
ATTENTION = ("findings", "error", record.BROKEN_OFF)
"""Verdicts of cases that do not hold: if there are any, only these are shown at first."""
UNFOLDED = 12
"""Number of cases with findings up to which their evidence is unfolded at first."""
PLACES = 8
"""Number of scenarios named with a root cause; the others are folded."""
_HEADINGS = (("users", "User Sync Summary", "Users"), ("groups", "Group Sync Summary", "Groups"))


class HtmlReport(WholeReport[str]):
    """The HTML report."""

    def written(self, run: RunRecord) -> str:
        """Return the page."""
        return page(run)


def page(run: RunRecord) -> str:
    """Return the whole page."""
    scenarios = record.by_scenario(run.cases)
    anchors = _anchors(scenarios)
    levels: dict[str, list[str]] = {}
    for name, cases in scenarios.items():
        levels.setdefault(cases[0].started.level, []).append(name)
    levels = {level: attention_first(names, scenarios) for level, names in levels.items()}
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            run=run,
            style=_style(),
            levels=levels,
            scenarios=scenarios,
            anchors=anchors,
            causes=record.causes(run.cases),
            unlocks=record.unlocks(run.cases),
            lint=record.lint_rules(run.linted, run.cases),
            again=partial(record.again, run.begun),
        )
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A counter on the page. `wanted` is the expected value, if it differs."""

    label: str
    value: int
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page."""

    heading: str
    rows: tuple[Row, ...]


def sections(checkpoint: CheckpointReached, layout: str) -> Iterator[Section]:
    """The sections of a summary in a layout of the sync status page; none if there is no summary."""
    values = checkpoint.seen.as_dict() if checkpoint.seen else {}
    wanted = asserted(checkpoint.expectation)
    for name, now, before in _HEADINGS:
        counters = values.get(name)
        if counters is None:
            continue
        earlier = layout == "earlier"
        shown = EARLIER_GROUP_COUNTERS if earlier and name == "groups" else COUNTERS
        rows = (Row(LABELS_2025[each], counters[each], _wanted(wanted, name, each, counters[each])) for each in shown)
        yield Section(before if earlier else now, tuple(rows))


def _wanted(wanted: Asserted, section: str, counter: str, value: int) -> str:
    accepted = wanted.get(section, {}).get(counter)
    return "" if accepted is None or value in accepted else either(accepted)


def rest(played: Played) -> Iterator[tuple[Finding, str]]:
    """The findings of a case except its root cause, the strongest first; each fix is given once."""
    strongest, *others = ranked(record.findings(played))
    told = {strongest.fix}
    for each in others:
        fix = each.fix
        yield each, "" if fix in told else fix
        told.add(fix)


def attention_first(names: Iterable[str], scenarios: Mapping[str, list[Played]]) -> list[str]:
    """Scenarios that do not hold before those that do, else in their order."""
    return sorted(names, key=lambda name: not any(record.verdict(each) in ATTENTION for each in scenarios[name]))


def _anchors(names: Mapping[str, object]) -> dict[str, str]:
    """Scenario -> its unique anchor, made of the letters and digits of its name."""
    found: dict[str, str] = {}
    for number, name in enumerate(names):
        word = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:80]
        found[name] = f"s-{word}" if f"s-{word}" not in found.values() and word else f"s-{number}-{word}"
    return found


def _finalize(value: object) -> object:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("provcheck.harness.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        LEVELS=LEVELS,
        WORDS=WORDS,
        ATTENTION=ATTENTION,
        PLACES=PLACES,
        COUNTED=record.COUNTED,
        UNFOLDED=UNFOLDED,
        VERDICTS=record.VERDICTS,
        alike=record.alike,
        counted=counted,
        duration=duration,
        findings=record.findings,
        in_words=record.in_words,
        missing=missing,
        parts=parts,
        rest=rest,
        root=root,
        sections=sections,
        verdict=record.verdict,
    )
    environment.filters.update(pretty=pretty, time_of=time_of, unquote=unquote_plus, verdict_of=record.verdict)
    environment.tests["step"] = lambda event: isinstance(event, StepTaken)
    return environment


def _style() -> Markup:
    style = files("provcheck.harness.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    return Markup(style)  # noqa: S704  our own file
