"""The JUnit XML report: a test suite for each target configuration, a test case for each scenario.

It is what both strict schemas of the format allow, Jenkins' (junit-10.xsd) and that of Ant's reports
(JUnit.xsd), so a test case has one failure, which holds all its findings, and what was played stands with the suite.
The properties of a suite name the client and what each capability that it lacks would unlock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from provcheck.harness.model.event import CheckpointReached, RunStarted, StepTaken
from provcheck.harness.model.finding import Finding, ranked
from provcheck.harness.report import record
from provcheck.harness.report.buffered import WholeReport
from provcheck.harness.report.case_record import Played
from provcheck.harness.report.record import RunRecord
from provcheck.harness.report.text import counted, printable

UNKNOWN_HOST = "localhost"
"""Value of the required attribute `hostname`: no host is named."""
UNJUDGED = ("skipped", "not exercised")
"""Verdicts that the format knows as skipped."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class JUnitReport(WholeReport[bytes]):
    """The report as JUnit XML. An interrupted case is an error."""

    def written(self, run: RunRecord) -> bytes:
        """Return the document."""
        root = ET.Element("testsuites")
        suites: dict[str, list[Played]] = {}
        for played in run.cases:
            suites.setdefault(played.started.profile, []).append(played)
        for number, (profile, cases) in enumerate(suites.items()):
            root.append(_suite(run.begun, number, profile, cases))
        ET.indent(root)
        document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
        return document + b"\n"


def _suite(begun: RunStarted | None, number: int, profile: str, cases: list[Played]) -> ET.Element:
    names = {"name": _name(profile), "package": "provcheck", "id": str(number), "hostname": UNKNOWN_HOST}
    at = begun.at if begun else _NEVER
    suite = ET.Element("testsuite", {**names, "timestamp": _timestamp(at), **_counts(cases)})
    properties = ET.SubElement(suite, "properties")
    if begun:
        ET.SubElement(properties, "property", name="client", value=_one_line(begun.client))
    for word, (single, together) in record.unlocked(cases).items():
        ET.SubElement(properties, "property", name=f"unlocked by {word}", value=record.unlocked_cases(single, together))
    suite.extend(_case(each, record.again(begun, each)) for each in cases)
    ET.SubElement(suite, "system-out").text = "\n\n".join(map(_history, cases))
    ET.SubElement(suite, "system-err").text = ""
    return suite


def _case(played: Played, again: str) -> ET.Element:
    started, finished = played.started, played.finished
    seconds = finished.seconds if finished else 0.0
    names = {"name": _name(started.scenario), "classname": f"provcheck.{_name(started.profile)}"}
    case = ET.Element("testcase", {**names, "time": _time(seconds)})
    if finished is None:
        ET.SubElement(case, "error", message="the run was broken off", type="error")
    elif finished.verdict == "error":
        ET.SubElement(case, "error", message=_one_line(finished.reason), type="error")
    elif finished.verdict in UNJUDGED:
        words = "" if finished.verdict == "skipped" else f"{finished.verdict}: "
        ET.SubElement(case, "skipped", message=_one_line(words + finished.reason))
    elif finished.findings:
        case.append(_failure(ranked(finished.findings), _history(played), again))
    return case


def _failure(findings: Sequence[Finding], history: str, again: str) -> ET.Element:
    first, more = findings[0], len(findings) - 1
    message = f"{first.entity}: expected {first.expected}, seen {first.seen}"
    message += f" (and {counted(more, 'more finding')})" if more else ""
    failure = ET.Element("failure", message=_one_line(message), type=_name(first.check))
    failure.text = "\n\n".join(
        [*map(_told, findings), history, *([f"to play it again: {printable(again)}"] if again else [])]
    )
    return failure


def _told(finding: Finding) -> str:
    warning = " (warning)" if finding.severity == "warning" else ""
    lines = [f"{finding.check}{warning}"]
    lines += [f"  {name}: {getattr(finding, name)}" for name in ("rule", "entity", "expected", "seen", "source")]
    lines += [f"  exchanges: {', '.join(map(str, finding.exchanges))}"] if finding.exchanges else []
    fix = finding.fix
    return printable("\n".join([*lines, f"  to mend it: {fix}"] if fix else lines))


def _history(played: Played) -> str:
    started = played.started
    lines = [f"{started.scenario} on {started.profile}: {record.verdict(played)}", started.title, started.source]
    for each in played.events:
        if isinstance(each, StepTaken):
            lines.append(f"{each.number}. {each.words}")
        else:
            lines += [*(f"   expected {line}" for line in each.expected), f"   seen {_seen(each)}"]
            lines += [f"   said {line}" for line in each.said]
    return printable("\n".join(line for line in lines if line))


def _seen(checkpoint: CheckpointReached) -> str:
    flat = checkpoint.seen.flat() if checkpoint.seen else {}
    return ", ".join(f"{name} {value}" for name, value in flat.items()) or "no summary"


def _counts(cases: list[Played]) -> dict[str, str]:
    verdicts: list[str] = [each.finished.verdict if each.finished else "error" for each in cases]
    seconds = sum(each.finished.seconds for each in cases if each.finished)
    numbers = {
        "tests": len(cases),
        "failures": verdicts.count("findings"),
        "errors": verdicts.count("error"),
        "skipped": sum(verdicts.count(each) for each in UNJUDGED),
    }
    return {**{key: str(value) for key, value in numbers.items()}, "time": _time(seconds)}


def _timestamp(at: datetime) -> str:
    """In UTC; the schema allows no zone."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _time(seconds: float) -> str:
    return f"{max(seconds, 0.0):.3f}"


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())


def _name(text: str) -> str:
    """A name on one line, which must not be empty."""
    return _one_line(text) or "unnamed"
