"""The example clients hold what the documents say, spoken to as a person would have it done."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import pytest

from provcheck.harness.adapters import connected
from provcheck.harness.model import CaseFinished, Event
from provcheck.harness.run import cases, run

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CLIENTS = {
    "python": [sys.executable, str(EXAMPLES / "python_client" / "client.py")],
    "node": ["node", str(EXAMPLES / "node_client" / "client.mjs")],
}
DERIVED = (
    "lost-answer-on-create",
    "rate-limit-mid-run",
    "same-name-group-overwrite",
    "leaver-not-deleted-is-an-orphan",
)


def ends(language: str, patterns: tuple[str, ...], level: str) -> dict[str, CaseFinished]:
    words = CLIENTS[language]
    assert shutil.which(words[0]), f"{words[0]} is needed to try this example"
    ended: dict[str, CaseFinished] = {}

    def listen(event: Event) -> None:
        if isinstance(event, CaseFinished):
            ended[f"{event.scenario} on {event.profile}"] = event

    chosen = cases(["scim"], patterns, level)
    if level == "derived":
        chosen = [case for case in chosen if case.configuration.id == "scim"]
    with connected(shlex.join(words)) as subject:
        run(chosen, listeners=[listen], make_client=subject.make, offers=subject.description, real_time=True)
    return ended


@pytest.mark.parametrize("language", CLIENTS)
def test_an_example_holds_every_documented_scenario(language: str) -> None:
    ended = ends(language, (), "documented")
    played = {name: end.findings or end.verdict for name, end in ended.items() if end.verdict != "skipped"}
    assert played == dict.fromkeys(played, "holds")
    assert {name.split("-")[0] for name in played} == {"e1", "e2", "e3", "e4", "e5", "e6"}


@pytest.mark.parametrize("language", CLIENTS)
def test_an_example_gets_over_errors_and_reports_what_it_left_behind(language: str) -> None:
    ended = ends(language, DERIVED, "derived")
    assert {name: end.findings or end.verdict for name, end in ended.items()} == dict.fromkeys(ended, "holds")
