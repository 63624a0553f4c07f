"""A client that is a command: whatever it does, the run ends in time, and the side at fault is named."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import pytest

from provcheck.harness.adapters import UnusableClient, command, connected, envelope
from tests.adapters.client_rig import findings, one_case, play, play_with, rogue

SHORT = 0.5


@pytest.fixture(autouse=True)
def brief_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "GRACE_SECONDS", 0.3)


def test_a_client_that_behaves_has_no_findings() -> None:
    assert findings(rogue("behaves", "never")) == ()


def test_noise_on_standard_error_is_the_clients_own_affair() -> None:
    assert findings(rogue("shouts", "never")) == ()


BROKEN = {
    "exits": "apply could not|ended with code 3 instead of answering apply; its last words: cannot go on",
    "is killed": "was ended by signal 9 instead of answering apply",
    "exits in the middle": "ended with code 0 instead of answering apply in the middle of a line",
    "greets": "apply was answered with what is not JSON: 'ready to serve'",
    "says nothing": "apply was answered with what is not JSON: ''",
    "answers with a list": "apply was answered with what is no answer",
    "leaves out the version": "(the answer needs jsonrpc)",
    "answers another question": "answered with the id 99",
    "answers with both": "apply was answered with what is no answer",
    "answers with text": "apply was answered with what is no answer",
    "goes too deep": "apply was answered with what is not JSON",
    "is not text": "apply was answered with what is not JSON",
}


@pytest.mark.parametrize(("how", "words"), BROKEN.items(), ids=list(BROKEN))
def test_a_broken_answer_is_a_finding_that_names_the_client(how: str, words: str) -> None:
    (found,) = findings(rogue(how, "apply"))
    assert (found.check, found.entity) == ("client_keeps_the_contract", "client")
    assert any(part in found.seen for part in words.split("|"))
    assert found.seen.startswith("sync: ")


@pytest.mark.parametrize("method", ["configure", "summary", "close"])
def test_a_client_may_break_off_at_any_call(method: str) -> None:
    (found,) = findings(rogue("exits", method))
    assert found.check == "client_keeps_the_contract"
    assert f"instead of answering {method}" in found.seen


@pytest.mark.parametrize("how", ["hangs", "outlives everything"])
def test_silence_is_a_finding_once_the_time_is_up(how: str) -> None:
    (found,) = findings(rogue(how, "apply"), timeout=SHORT)
    assert found.check == "client_keeps_the_contract"
    assert "apply was not answered within 0.5 s" in found.seen


def test_a_closed_output_is_a_finding_before_the_time_is_up() -> None:
    (found,) = findings(rogue("closes its output", "apply"))
    assert "closed its standard output instead of answering apply" in found.seen


def test_an_endless_line_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(envelope, "MOST_BYTES", 1000)
    (found,) = findings(rogue("goes on and on", "apply"))
    assert "a line of more than 1000 bytes" in found.seen


def test_counters_that_are_no_numbers_are_a_finding_that_says_where() -> None:
    (found,) = findings(rogue("counts in words", "summary"))
    assert "the answer to summary: summary.users" in found.seen


@pytest.mark.parametrize("how", ["fails", "lacks the method"])
def test_an_error_answer_is_a_finding(how: str) -> None:
    (found,) = findings(rogue(how, "apply"))
    assert found.check == "client_does_not_fail"
    assert found.seen.startswith("sync: error -32")


def test_a_refusal_without_reason_is_a_finding() -> None:
    assert "does_not_refuse" in {found.check for found in findings(rogue("refuses", "apply"))}


UNUSABLE = {
    "hangs": "describe was not answered within 0.5 s",
    "exits": "ended with code 3 instead of answering describe; its last words: cannot go on",
    "greets": "describe was answered with what is not JSON: 'ready to serve'",
    "speaks version 2": "it speaks version 2 of the contract, and this is version 1",
    "makes up capabilities": "not 'magic'",
    "answers with text": "describe was answered with what is no answer",
}


@pytest.mark.parametrize(("how", "words"), UNUSABLE.items(), ids=list(UNUSABLE))
def test_a_client_that_cannot_describe_itself_cannot_be_used(how: str, words: str) -> None:
    with pytest.raises(UnusableClient) as caught:
        play(rogue(how, "describe"), timeout=SHORT if how == "hangs" else 10)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("no-such-command-anywhere", "No such file"),
        ("'unbalanced", "cannot be read"),
        ("", "is empty"),
        ("FOO=bar node client.mjs", "variables are set by env, as in 'env FOO=bar node client.mjs'"),
        (f"{sys.executable} -c pass", "ended with code 0 instead of answering describe"),
    ],
)
def test_a_command_that_cannot_be_used_is_told_in_one_line(spec: str, words: str) -> None:
    with pytest.raises(UnusableClient) as caught:
        play(spec)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "platform", "words"),
    [
        (r"C:\tools\node.exe 'my client.mjs'", "win32", [r"C:\tools\node.exe", "my client.mjs"]),
        (r'"C:\Program Files\node.exe" client.mjs', "win32", [r"C:\Program Files\node.exe", "client.mjs"]),
        (r"node my\ client.mjs", "linux", ["node", "my client.mjs"]),
        ("node client.mjs '#1'", "darwin", ["node", "client.mjs", "#1"]),
    ],
)
def test_a_command_is_split_as_its_platform_writes_paths(spec: str, platform: str, words: list[str]) -> None:
    assert command.parse(spec, platform) == words


def test_ctrl_c_does_not_reach_the_client_on_any_platform() -> None:
    assert command.own_group("linux") == {"start_new_session": True}
    assert command.own_group("win32") == {"creationflags": 0x200}


def test_nothing_more_is_asked_of_a_client_that_is_always_silent() -> None:
    ended = play(rogue("hangs", "apply"), one_case() * 5, timeout=SHORT)
    assert [end.verdict for end in ended] == ["findings"] * 3 + ["skipped"] * 2
    assert ended[-1].reason == "the client was silent in 3 scenarios in a row"


def test_no_process_is_left_behind() -> None:
    with connected(rogue("outlives everything", "apply"), timeout=SHORT) as subject:
        play_with(subject, one_case())
        process = subject._made._channel._process
    assert process.poll() is not None
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 0)
        pytest.fail("its process group is still there")
