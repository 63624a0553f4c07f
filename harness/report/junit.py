"""The report for build servers: JUnit XML. A suite for each target profile, a test case for each scenario.

A finding is a failure, an error of ours an error; a test case may hold several failures. Written as a whole at the end.
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO
from xml.etree import ElementTree as ET

from harness.model.event import CaseFinished, CaseStarted, CheckpointReached, Event, RunStarted, StepTaken
from harness.model.finding import Finding
from harness.report.played import Played
from harness.report.wording import printable


class JUnitReport:
    """Gathers a run and writes it to a stream when it is over."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._suites: dict[str, list[Played]] = {}
        self._begun: RunStarted | None = None
        self._playing: Played | None = None

    def __call__(self, event: Event) -> None:
        """Take note of an event."""
        match event:
            case RunStarted():
                self._begun = event
            case CaseStarted():
                self._playing = Played(event)
                self._suites.setdefault(event.profile, []).append(self._playing)
            case StepTaken() | CheckpointReached() if self._playing:
                self._playing.events.append(event)
            case CaseFinished() if self._playing:
                self._playing.finished = event

    def close(self) -> None:
        """Write the report and close the stream. A case that was broken off is an error."""
        every = [played for cases in self._suites.values() for played in cases]
        root = ET.Element("testsuites", {"name": "provcheck", **_counts(every)})
        for profile, cases in self._suites.items():
            root.append(self._suite(profile, cases))
        ET.indent(root)
        self._stream.write(ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n")
        self._stream.close()

    def _suite(self, profile: str, cases: list[Played]) -> ET.Element:
        suite = ET.Element("testsuite", {"name": _one_line(profile), **_counts(cases)})
        if self._begun is not None:
            suite.set("timestamp", _timestamp(self._begun.at))
            properties = ET.SubElement(suite, "properties")
            ET.SubElement(properties, "property", name="client", value=_one_line(self._begun.client))
        suite.extend(_case(each) for each in cases)
        return suite


def _case(played: Played) -> ET.Element:
    started, finished = played.started, played.finished
    seconds = finished.seconds if finished else 0.0
    names = {"name": _one_line(started.scenario), "classname": f"provcheck.{_one_line(started.profile)}"}
    case = ET.Element("testcase", {**names, "time": _time(seconds)})
    if finished is None:
        ET.SubElement(case, "error", message="the run was broken off", type="error")
    elif finished.verdict == "error":
        ET.SubElement(case, "error", message=_one_line(finished.reason), type="error")
    elif finished.verdict == "skipped":
        ET.SubElement(case, "skipped", message=_one_line(finished.reason))
    case.extend(_failure(each) for each in (finished.findings if finished else ()))
    ET.SubElement(case, "system-out").text = printable(_course(played))
    return case


def _failure(finding: Finding) -> ET.Element:
    message = f"{finding.entity}: expected {finding.expected}, seen {finding.seen}"
    failure = ET.Element("failure", message=_one_line(message), type=_one_line(finding.check))
    lines = [f"{name}: {getattr(finding, name)}" for name in ("rule", "entity", "expected", "seen", "source")]
    lines += [f"exchanges: {', '.join(map(str, finding.exchanges))}"] if finding.exchanges else []
    failure.text = printable("\n".join(lines))
    return failure


def _course(played: Played) -> str:
    lines = [played.started.title, played.started.source]
    for each in played.events:
        if isinstance(each, StepTaken):
            lines.append(f"{each.number}. {each.words}")
        else:
            lines += [*(f"   expected {line}" for line in each.expected), f"   seen {_seen(each)}"]
            lines += [f"   said {line}" for line in each.said]
    return "\n".join(line for line in lines if line)


def _seen(checkpoint: CheckpointReached) -> str:
    flat = checkpoint.seen.flat() if checkpoint.seen else {}
    return ", ".join(f"{name} {value}" for name, value in flat.items()) or "no summary"


def _counts(cases: list[Played]) -> dict[str, str]:
    verdicts = [each.finished.verdict if each.finished else "error" for each in cases]
    seconds = sum(each.finished.seconds for each in cases if each.finished)
    numbers = {"tests": len(cases), "failures": verdicts.count("findings"), "errors": verdicts.count("error")}
    return {key: str(value) for key, value in (numbers | {"skipped": verdicts.count("skipped")}).items()} | {
        "time": _time(seconds)
    }


def _timestamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _time(seconds: float) -> str:
    return f"{seconds:.3f}"


def _one_line(text: str) -> str:
    return " ".join(printable(text).split())
