"""action.yml: a composite action whose own steps run here, with files in place of GitHub's."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from provcheck.harness.cli import main

TOP = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((TOP / "action.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
OWN = [step for step in STEPS.values() if "run" in step]
BASH = shutil.which("bash")
needs_bash = pytest.mark.skipif(BASH is None, reason="the steps of the action are bash")

UNCOUNTED = """
class Client:
    def describe(self, contract):
        return {"contract": 1, "name": "::error::x", "version": "1", "capabilities": ["create", "switches", "summary"]}

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


def filled(text: str, inputs: dict[str, str]) -> str:
    """A value with the inputs that it names."""
    return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: inputs[match[1]], text)


class Job:
    """The step that checks, run in a directory of its own."""

    def __init__(self, place: Path, **given: str) -> None:
        inputs = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()}
        inputs |= {name.replace("_", "-"): value for name, value in given.items()}
        step, self.reports = STEPS["Check"], place / inputs["report-dir"]
        summary, output = place / "summary.md", place / "output.txt"
        script = place / "step.sh"
        script.write_text(step["run"])
        environment = {name: filled(value, inputs) for name, value in step["env"].items()}
        bin = Path(sys.executable).parent
        done = subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=place,
            env={
                **environment,
                "PATH": f"{bin}:/usr/bin:/bin",
                "GITHUB_STEP_SUMMARY": str(summary),
                "GITHUB_OUTPUT": str(output),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        self.log, self.errors, self.status = done.stdout, done.stderr, done.returncode
        self.summary = summary.read_text(encoding="utf-8") if summary.exists() else ""
        self.output = dict(line.split("=", 1) for line in output.read_text().splitlines())


def test_it_is_a_composite_action_with_the_promised_inputs():
    assert ACTION["runs"]["using"] == "composite"
    assert {"client", "target", "level", "scenario", "python-version", "report-dir"} <= set(ACTION["inputs"])
    assert [name for name, spec in ACTION["inputs"].items() if spec.get("required")] == ["client"]
    assert all(spec["description"] for spec in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))


def test_every_step_of_ours_names_its_shell_and_takes_inputs_as_variables_alone():
    for step in OWN:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "an input inside a script would be read as shell"


def test_every_input_that_is_named_exists():
    text = (TOP / "action.yml").read_text(encoding="utf-8")
    named = set(re.findall(r"inputs\.([a-z-]+)", text))
    assert named == set(ACTION["inputs"])


def test_every_option_that_is_used_exists():
    check = main.get_command(click.Context(main), "check")
    known = {word for option in check.params for word in option.opts}
    used = set(re.findall(r"(?<![\w-])(--[a-z-]+)", STEPS["Check"]["run"]))
    assert used <= known
    assert {"--client", "--target", "--scenario", "--level", "--report"} <= used


def test_it_installs_itself():
    words = shlex.split(STEPS["Install provcheck"]["run"])
    assert words[-1] == "$GITHUB_ACTION_PATH"


def test_the_reports_are_uploaded_also_after_findings():
    step = STEPS["Upload the reports"]
    assert step["if"].startswith("always()")
    assert step["uses"].startswith("actions/upload-artifact@v")


@needs_bash
def test_a_client_that_is_right_ends_well_with_all_reports(tmp_path):
    job = Job(tmp_path, client="reference", target="scim+\n  slack+", scenario="e5*", level="documented")
    assert (job.status, job.errors, job.output["exit-code"]) == (0, "", "0")
    assert job.summary.startswith("## ✅ provcheck: 2 of 2 cases hold")
    names = {path.name for path in job.reports.iterdir()}
    assert names == {"junit.xml", "report.md", "report.html", "events.jsonl", "annotations.txt"}
    assert Path(job.output["report-dir"]) == job.reports


@needs_bash
def test_findings_are_annotated_and_nothing_else_is(tmp_path):
    (tmp_path / "uncounted.py").write_text(UNCOUNTED)
    job = Job(tmp_path, client="uncounted:Client", target="slack+", scenario="e5*", report_dir="out/of the way")
    assert (job.status, job.output["exit-code"]) == (0, "1")
    stop, heard = re.fullmatch(r"::stop-commands::(\S+)\n(?s:.*)\n::\1::\n((?s:.*))", job.log).groups()
    assert len(stop) > 30
    assert heard.startswith("::error title=")
    assert heard.count("\n") == 1
    assert "1 of 1 case with findings" in job.summary
    assert (job.reports / "report.html").exists()


@needs_bash
def test_a_client_that_cannot_be_used_is_no_finding(tmp_path):
    job = Job(tmp_path, client="no-such-client")
    assert (job.status, job.output["exit-code"]) == (0, "2")
    assert "no-such-client" in job.errors


@needs_bash
def test_a_check_that_could_not_begin_is_summarised_and_annotated(tmp_path):
    job = Job(tmp_path, client="no-such-client <b>@ada</b>")
    assert job.summary.startswith("## ⚠️ provcheck: nothing could be said about the client\n\n    Error: ")
    assert job.log.splitlines()[-1].startswith("::error title=provcheck could not check the client::Error: the client")


def test_the_artifacts_of_the_jobs_of_a_matrix_have_different_names():
    name = STEPS["Upload the reports"]["with"]["name"]
    assert name == "${{ inputs.artifact }}${{ strategy.job-total > 1 && format('-{0}', strategy.job-index) || '' }}"


@needs_bash
@pytest.mark.parametrize("status", ["0", "1", "2"])
def test_the_last_step_ends_as_the_check_did(status):
    script = STEPS["Fail on findings"]["run"]
    done = subprocess.run([BASH, "-eo", "pipefail", "-c", script], env={"STATUS": status}, check=False)
    assert done.returncode == int(status)


@needs_bash
def test_lint_is_told_when_asked_for_and_decides_nothing(tmp_path):
    job = Job(tmp_path, client="reference", target="slack", scenario="same-name-group-merge", lint="true")
    assert job.output["exit-code"] == "0"
    assert '"type": "requests_linted"' in (job.reports / "events.jsonl").read_text()


def test_the_sample_workflow_is_yaml_and_gives_the_action_what_it_takes():
    page = (TOP / "docs" / "ci.md").read_text(encoding="utf-8")
    (sample,) = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)]
    steps = sample["jobs"]["provcheck"]["steps"]
    (ours,) = [step for step in steps if "provcheck" in step["uses"]]
    assert set(ours["with"]) <= set(ACTION["inputs"])
    assert {name for name, spec in ACTION["inputs"].items() if spec.get("required")} <= set(ours["with"])
