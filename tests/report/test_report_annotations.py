"""The annotations name the client's file, where it is known and in the checkout."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from provcheck.harness.model import RunStarted
from provcheck.harness.report.annotations import AnnotationsReport
from provcheck.harness.report.text import command_line
from tests.report.recorded_run import BAD, E5, FINDING, NOON, case

ARROW = "it ended with code 1 instead of answering apply; its last words: "


def annotated(monkeypatch, tmp_path, seen: str = "5", client: str = "node src/client.mjs") -> str:
    """The annotation of one finding, in a checkout with two files."""
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "src").mkdir()
    for name in ("client.mjs", "my scim.py"):
        (tmp_path / "src" / name).touch()
    stream = io.StringIO()
    report = AnnotationsReport(stream, closes=False)
    report(RunStarted(NOON, "a client", 1, ("provcheck", "check", "--client", client)))
    for event in case(E5, "scim", BAD, replace(FINDING, seen=seen)):
        report(event)
    report.close()
    return stream.getvalue()


def test_the_script_in_the_command_of_the_client_is_named(monkeypatch, tmp_path):
    assert annotated(monkeypatch, tmp_path).startswith("::error file=src/client.mjs,title=counter as expected")


@pytest.mark.parametrize(
    "trace, file",
    [
        ("TypeError: x / at deeper (file://{top}/src/client.mjs:4:91) / at a (file://{top}/src/client.mjs:3:1)", "4"),
        ('File "{top}/src/client.mjs", line 3, in a / File "{top}/src/client.mjs", line 4, in b / KeyError: 1', "4"),
        ('File "{top}/src/client.mjs", line 4, in a / File "/usr/lib/x.py", line 9, in b / KeyError: 1', "4"),
    ],
)
def test_the_innermost_frame_in_the_checkout_is_named_with_its_line(monkeypatch, tmp_path, trace, file):
    line = annotated(monkeypatch, tmp_path, seen=ARROW + trace.format(top=tmp_path))
    assert line.startswith(f"::error file=src/client.mjs,line={file},title=")


@pytest.mark.parametrize("client", ["http://127.0.0.1:9000", "/bin/sh nowhere.py", "module:factory"])
def test_no_file_is_named_that_is_not_in_the_checkout(monkeypatch, tmp_path, client):
    assert annotated(monkeypatch, tmp_path, client=client).startswith("::error title=")


def test_a_command_to_copy_is_quoted_as_the_shell_of_the_platform_reads_it():
    words = ["provcheck", "check", "--client", "node my.mjs"]
    assert command_line(words, "linux") == "provcheck check --client 'node my.mjs'"
    assert command_line(words, "win32") == 'provcheck check --client "node my.mjs"'
