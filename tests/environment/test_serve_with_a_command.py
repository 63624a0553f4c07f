"""`provcheck serve -- COMMAND`: the command knows the targets, gets the signals, and its exit code is that of serve."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.mock_targets.commands import child_process

TOP = Path(__file__).parents[2]
ASKS = (
    "import json, os, urllib.request as u; e = os.environ;"
    "r = u.Request(e['PROVCHECK_URL'] + '/Users', headers={'Authorization': 'Bearer ' + e['PROVCHECK_TOKEN']});"
    "print(json.load(u.urlopen(r))['totalResults'], e['PROVCHECK_SCIM_URL'] == e['PROVCHECK_URL'])"
)


def serve(*arguments: str):
    return subprocess.run(
        [sys.executable, "-m", "provcheck", "serve", "scim", "--port", "0", *arguments],
        env={**os.environ, "PYTHONPATH": str(TOP)},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def test_the_command_reaches_the_target_by_its_variables_and_prints_alone():
    done = serve("--", sys.executable, "-c", ASKS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0 True\n", "")


def test_the_exit_code_is_that_of_the_command():
    assert serve("--", sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_options_after_the_dashes_are_those_of_the_command():
    done = serve("--json", "--", sys.executable, "-c", "import sys; print(sys.argv[1:])", "--json", "--", "--help")
    ready, said = done.stdout.splitlines()
    assert list(json.loads(ready)["targets"]) == ["scim"]
    assert said == "['--json', '--', '--help']"


@contextmanager
def waiting(number: str) -> Iterator[subprocess.Popen[str]]:
    """Serve beside a command that ends with 40 at this signal, once it listens for it."""
    program = (
        f"import signal, sys, time; signal.signal(signal.{number}, lambda *_: sys.exit(40));"
        "print('ready', flush=True); time.sleep(60)"
    )
    running = subprocess.Popen(
        [sys.executable, "-m", "provcheck", "serve", "scim", "--port", "0", "--", sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(TOP)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout.readline() == "ready\n"
        yield running
    finally:
        running.kill()
        running.communicate()


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="the platform has no signals to pass on")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_signals_are_passed_on(number):
    with waiting(number) as running:
        running.send_signal(getattr(signal, number))
        assert running.wait(timeout=30) == 40


@pytest.mark.parametrize(
    "arguments, told",
    [
        (["--"], "name the command to run after --"),
        (["--", "no-such-command-anywhere"], "cannot run no-such-command-anywhere: No such file or directory"),
    ],
)
def test_a_command_that_cannot_be_run_is_one_line_and_exit_code_2(arguments, told):
    result = CliRunner().invoke(main, ["serve", "scim", "--port", "0", *arguments])
    assert result.exit_code == 2
    assert told in result.stderr.splitlines()[-1]


def test_the_help_names_the_command():
    assert "[TARGET]... [-- COMMAND...]" in CliRunner().invoke(main, ["serve", "--help"]).output


def test_the_exit_code_of_a_killed_process_is_that_of_shells():
    assert [child_process.exit_code(code) for code in (0, 3, -15)] == [0, 3, 143]


def test_a_wait_on_windows_is_many_short_ones_because_ctrl_c_cannot_interrupt_it():
    assert child_process.wait_seconds("win32") == child_process.POLL_SECONDS
    assert child_process.wait_seconds("linux") is None


def test_every_signal_that_asks_to_end_is_heard_where_the_platform_has_it():
    assert child_process.ending_signals(["SIGINT", "SIGTERM", "SIGBREAK"])[:2] == [signal.SIGINT, signal.SIGTERM]
    assert signal.SIGINT in child_process.ending_signals()


def test_tokens_of_the_environment_and_of_a_seed_are_the_same_in_each_run():
    shows = (
        "import os, json; print(json.dumps({k: v for k, v in os.environ.items() if k.endswith('_TOKEN')},"
        " sort_keys=True))"
    )
    command = ["--", sys.executable, "-c", shows]
    first, second = (json.loads(serve("--id-seed", "7", *command).stdout) for _ in range(2))
    assert first == second
    given = json.loads(serve("--token", "chosen-by-me", *command).stdout)
    assert given["PROVCHECK_SCIM_TOKEN"] == given["PROVCHECK_TOKEN"] == "chosen-by-me"
    assert given["PROVCHECK_CONTROL_TOKEN"] != first["PROVCHECK_CONTROL_TOKEN"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_a_signal_may_come_while_its_coming_is_waited_for():
    asked, handler = child_process.Ending(), signal.getsignal(signal.SIGUSR1)
    signal.signal(signal.SIGUSR1, lambda *_: asked.set())
    goes_on = threading.Event()

    def send() -> None:
        while not goes_on.wait(0.0001):
            os.kill(os.getpid(), signal.SIGUSR1)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        assert all(asked.wait(10) for _ in range(300))
    finally:
        goes_on.set()
        sender.join()
        signal.signal(signal.SIGUSR1, handler)
