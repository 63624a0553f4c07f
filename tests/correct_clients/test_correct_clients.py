"""No correct client is ever accused: a finding on one of them is a fault of the harness."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest

from provcheck.harness.lint.rule import LintRule
from provcheck.harness.model import CaseFinished, Event, Finding
from provcheck.harness.run import Case, cases, run
from provcheck.harness.vendors import linter
from tests.correct_clients.bulk import Bulk
from tests.correct_clients.client import Client
from tests.correct_clients.in_process import making, offered
from tests.correct_clients.list_and_diff import ListAndDiff
from tests.correct_clients.look_up import LookUp

LINTER = linter()
CLIENTS = (ListAndDiff, LookUp, Bulk)
TARGETS = ("scim+", "scim+1.1", "slack+", "github_emu")


def verdicts(
    kind: type[Client], chosen: Iterable[Case], inspect: Callable[..., Sequence[Finding]] | None = None
) -> list[CaseFinished]:
    """How the cases end for a client that shares session and time with the targets."""
    ended: list[CaseFinished] = []

    def note(event: Event) -> None:
        if isinstance(event, CaseFinished):
            ended.append(event)

    run(
        [case for case in chosen if "large" not in case.scenario.tags],
        listeners=[note],
        make_client=making(kind),
        offers=offered(kind),
        inspect=inspect,
    )
    return ended


def _counts(rule: LintRule) -> bool:
    """Whether a rule must be kept: errors and warnings."""
    return rule.severity != "info"


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("kind", CLIENTS, ids=lambda kind: kind.name.replace(" ", "-"))
def test_a_correct_client_has_no_finding_and_no_warning_in_any_scenario(kind: type[Client], target: str) -> None:
    linted: dict[str, str] = {}

    def inspect(name: str, journal: Iterable[Mapping[str, Any]]) -> Sequence[Finding]:
        found = LINTER.lint(journal, target=name)
        linted.update((each.rule.id, each.violation.seen) for each in found if _counts(each.rule))
        return ()

    ended = verdicts(kind, cases([target]), inspect)
    accused = {
        each.scenario: each.reason or [(found.check, found.entity, found.seen) for found in each.findings]
        for each in ended
        if each.verdict in ("findings", "error")
    }
    assert accused == {}
    assert linted == {}
    assert sum(each.verdict == "holds" for each in ended) >= len(ended) // 2 or target == "scim+1.1"


def test_a_look_up_that_a_client_does_not_make_judges_nothing() -> None:
    (ended,) = verdicts(ListAndDiff, cases(["scim+"], ["search-fails"]))
    assert (ended.verdict, ended.findings) == ("not exercised", ())
    assert ended.reason == "no request of the client met user.list of ben: answered with 400, every time"


def test_a_client_that_looks_up_meets_the_fault_of_a_look_up() -> None:
    (ended,) = verdicts(LookUp, cases(["scim+"], ["search-fails"]))
    assert ended.verdict == "holds"
