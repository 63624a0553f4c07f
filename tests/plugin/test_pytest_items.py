"""`pytest --provcheck-client`: scenarios as tests, as somebody's own session shows them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from provcheck.harness import pytest_items
from provcheck.harness.model import CaseFinished, CaseStarted
from provcheck.harness.report import console_details
from provcheck.harness.report.case_record import Played
from provcheck.harness.run import run
from provcheck.mock_targets import registry, testing

pytest_plugins = ["pytester"]

# The inner runs share this process: what they would load must be there before, or each would load a copy of its own.
LOADED = (pytest_items, console_details, run, testing, [registry.find(name) for name in registry.names()])
GITHUB = ("--provcheck-client", "reference", "--provcheck-target", "github_emu")

CLIENT = """
class Client:
    def describe(self, contract):
        return {"contract": 1, "name": "lazy", "version": "1", "targets": ["github_emu"], "capabilities": CAPABILITIES}

    def configure(self, connection, rule, fresh):
        return {}

    def apply(self, population, changes):
        return {}

    def summary(self):
        zero = {"impacted": 0, "success": 0, "unsynced": 0, "partially_synced": 0, "failed": 0}
        return {"summary": {"users": zero, "groups": zero}}

    def close(self):
        return {}
"""


@pytest.fixture
def session(pytester: pytest.Pytester):
    """Run pytest with these arguments; the result."""

    def run(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider", "-rA", *arguments)

    return run


def test_every_scenario_is_a_test_named_by_scenario_and_target(session):
    result = session(*GITHUB, "--provcheck-level", "documented", "--collect-only", "-q")
    names = [line for line in result.outlines if line.startswith("provcheck::")]
    assert "provcheck::e5-create-not-allowed[github_emu]" in names
    assert len(names) == 5


def test_the_chosen_ones_are_played_beside_other_tests(session, pytester):
    pytester.makepyfile("def test_mine(): pass")
    result = session(*GITHUB, "-k", "e5 or mine")
    result.assert_outcomes(passed=2, deselected=len(pytest_items.cases(["github_emu"])) - 1)
    result.stdout.fnmatch_lines(["collected * items / * deselected / 2 selected"])


def test_the_marker_chooses_them(session, pytester):
    pytester.makepyfile("def test_mine(): pass")
    result = session(*GITHUB, "--provcheck-level", "documented", "-m", "provcheck", "--strict-markers")
    result.assert_outcomes(passed=5, deselected=1)


@pytest.mark.parametrize(
    "id, count",
    [("provcheck::e5-create-not-allowed[github_emu]", 1), ("provcheck::e6-update-not-allowed", 1), ("provcheck", 5)],
)
def test_an_id_that_was_printed_selects_its_case(session, pytester, id, count):
    pytester.makepyfile("def test_mine(): pass")
    session(*GITHUB, "--provcheck-level", "documented", id).assert_outcomes(passed=count)


def test_an_id_and_a_file_select_both(session, pytester):
    file = pytester.makepyfile("def test_mine(): pass")
    session(*GITHUB, str(file), "provcheck::e5-create-not-allowed[github_emu]").assert_outcomes(passed=2)


@pytest.mark.parametrize(
    "arguments, told",
    [
        ((*GITHUB, "provcheck::e5-create-not-allowd[github_emu]"), "did you mean e5-create-not-allowed[github_emu]"),
        (("provcheck::e5-create-not-allowed[github_emu]",), "give --provcheck-client SPEC as well"),
    ],
)
def test_an_id_that_selects_nothing_is_an_error_of_one_line(pytester, arguments, told):
    result = pytester.runpytest("-p", "no:xdist", "-p", "no:cacheprovider", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert told in next(line for line in result.errlines if line.startswith("ERROR"))


def test_last_failed_plays_what_failed_and_nothing_else(pytester):
    pytester.makepyfile("def test_mine(): pass")
    spec = f"{lazy(pytester, 'fails_again', 'create', 'switches', 'summary')}"
    chosen = ("-p", "no:xdist", "--provcheck-client", spec, "--provcheck-target", "github_emu")
    first = pytester.runpytest(*chosen, "provcheck::e5-create-not-allowed", "provcheck::e6-update-not-allowed")
    failed = first.parseoutcomes()["failed"]
    again = pytester.runpytest(*chosen, "--provcheck-level", "documented", "--lf")
    assert again.parseoutcomes() == {"failed": failed, "deselected": again.parseoutcomes()["deselected"]}


def test_without_a_client_there_are_none(session, pytester):
    pytester.makepyfile("def test_mine(): pass")
    session().assert_outcomes(passed=1)


def lazy(pytester: pytest.Pytester, name: str, *capabilities: str) -> str:
    """A client that writes nothing, as a module of this name; its spec."""
    pytester.makepyfile(**{name: CLIENT.replace("CAPABILITIES", repr(list(capabilities)))})
    pytester.syspathinsert()
    return f"{name}:Client"


def test_a_failure_reads_as_on_the_console(session, pytester):
    spec = lazy(pytester, "lazy_one", "create", "update", "switches", "summary")
    result = session("--provcheck-client", spec, "--provcheck-target", "github_emu", "-k", "e5")
    result.assert_outcomes(failed=1, deselected=len(pytest_items.cases(["github_emu"])) - 1)
    result.stdout.fnmatch_lines(
        [
            "e5-create-not-allowed on github_emu",
            "  again: provcheck check --client lazy_one:Client --scenario e5-create-not-allowed --target github_emu+",
            "*counter_as_expected",
            "*entity*users.impacted",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_what_a_client_does_not_offer_is_skipped_with_the_reason(session, pytester):
    spec = lazy(pytester, "lazy_two", "create", "summary")
    result = session("--provcheck-client", spec, "--provcheck-target", "github_emu", "-k", "e5")
    result.assert_outcomes(skipped=1, deselected=len(pytest_items.cases(["github_emu"])) - 1)
    result.stdout.fnmatch_lines(["*the client does not offer switches*"])


def test_a_client_that_cannot_be_used_fails_each_test_in_a_line(session):
    result = session("--provcheck-client", "no-such-client", "--provcheck-target", "github_emu", "-k", "e5 or e6")
    result.assert_outcomes(failed=2, deselected=len(pytest_items.cases(["github_emu"])) - 2)
    assert "Traceback" not in result.stdout.str()


def test_an_unknown_target_is_an_error_of_usage(session):
    result = session("--provcheck-client", "reference", "--provcheck-target", "slak")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: there is no target 'slak'*"])


def test_an_error_of_ours_is_told_as_one():
    finished = CaseFinished("e5", "github_emu", "error", reason="KeyError: 'id'")
    played = Played(CaseStarted("e5", "github_emu"), finished=finished)
    assert "KeyError" in pytest_items.told(played, "")


def test_workers_of_a_distributed_run_share_the_scenarios(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2", *GITHUB, "-k", "e5 or e6", "-p", "no:cacheprovider"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_a_session_without_a_client_loads_none_of_it(tmp_path):
    (tmp_path / "test_mine.py").write_text(
        "import sys\nOURS = {'provcheck.harness.run', 'provcheck.harness.pytest_items', 'flask', 'rich'}\n"
        "def test_mine(): assert not OURS & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "no:xdist"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout
