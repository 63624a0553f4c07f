"""The `provcheck` command as a whole: quick help, lazy subcommands."""

from __future__ import annotations

import subprocess
import sys

import pytest
from click.testing import CliRunner

from provcheck.harness.cli import main


def test_help_names_every_command_without_loading_any():
    run = "main(['--help'], standalone_mode=False)"
    program = f"import sys; from provcheck.harness.cli import main; {run}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules = done.stdout.splitlines()[-1].split()
    for name in ("check", "serve", "sync", "list", "explain"):
        assert f"  {name} " in done.stdout
    for heavy in ("flask", "requests", "rich", "scim2_models", "pydantic", "provcheck.mock_targets"):
        assert heavy not in modules


@pytest.mark.parametrize("arguments", [["--version"], ["list", "scenarios"], ["contract"]])
def test_what_reads_no_data_loads_no_pydantic(arguments):
    program = f"import sys, atexit; atexit.register(lambda: print(*sys.modules)); sys.argv[1:] = {arguments}"
    run = "from provcheck.harness.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", f"{program}; {run}"], capture_output=True, text=True, check=True)
    assert "pydantic" not in done.stdout.splitlines()[-1].split()


def test_the_version_is_told():
    result = CliRunner().invoke(main, ["--version"])
    assert result.output.startswith("provcheck ")


@pytest.mark.parametrize("arguments", [["nothing"], ["serve", "--nothing"], ["serve", "--port", "99999"]])
def test_bad_usage_is_exit_code_2(arguments):
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_help_of_a_command_shows_how_it_is_called():
    assert "provcheck serve scim --port 0 --json" in CliRunner().invoke(main, ["serve", "--help"]).output


@pytest.mark.parametrize("word, told", [("chek", "did you mean check?"), ("zzz", "see provcheck --help")])
def test_an_unknown_command_is_told_with_the_one_that_was_meant(word, told):
    result = CliRunner().invoke(main, [word])
    assert result.exit_code == 2
    assert f"there is no command {word!r}" in result.stderr
    assert told in result.stderr
