"""`provcheck serve`: what it accepts, what it says, and how it ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.mock_targets import registry
from provcheck.mock_targets.commands import child_process
from provcheck.mock_targets.commands import serve as serve_command
from provcheck.mock_targets.commands.options import check_address
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.serving.ready_message import as_line, show
from tests.fake_target import SPEC

PEOPLE = {"users": [{"userName": "ada"}], "groups": [{"displayName": "staff", "members": ["ada"]}]}

# A process that serves the fake target: as `provcheck` does, with the registry told of it.
PROGRAM = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from tests.fake_target import SPEC
from provcheck.mock_targets import registry
registry.names = lambda: ["fake"]
registry.find = {"fake": SPEC}.__getitem__
from provcheck.harness.cli import main
main()
"""


@contextmanager
def process(*arguments: str, command: str = "serve") -> Iterator[subprocess.Popen[str]]:
    words = [sys.executable, "-c", PROGRAM, str(Path(__file__).parents[2]), command, *arguments]
    running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


@pytest.fixture
def ready(monkeypatch) -> Iterator[list[Environment]]:
    """Runs of the command in this process: each environment that became ready, which then ends at once."""
    environments: list[Environment] = []
    monkeypatch.setattr(registry, "names", lambda: ["fake"])
    monkeypatch.setattr(registry, "find", _find)
    monkeypatch.setattr(serve_command, "_announce", lambda environment, *_, **__: environments.append(environment))
    monkeypatch.setattr(serve_command, "_told_to_end", child_process.Ending)  # without handlers for signals
    monkeypatch.setattr(child_process, "wait", lambda ended: None)
    return environments


def _find(name: str) -> Any:
    if name != "fake":
        raise registry.UnknownTarget(f"there is no target {name!r}; there are fake")
    return SPEC


def run(*arguments: str):
    port = () if "--port" in arguments else ("--port", "0")
    return CliRunner().invoke(main, ["serve", *port, *arguments])


def test_one_line_of_json_tells_a_program_everything():
    with process("fake", "--port", "0", "--json") as running:
        line = json.loads(running.stdout.readline())
        fake, control = line["targets"]["fake"], line["control"]
        assert fake.keys() == {"base_url", "old_base_url", "token"}
        headers = {"Authorization": f"Bearer {fake['token']}"}
        assert requests.get(f"{fake['base_url']}/people", headers=headers).json() == {"people": []}
        headers = {"Authorization": f"Bearer {control['token']}"}
        assert requests.get(f"{control['url']}/targets", headers=headers).status_code == 200
        running.send_signal(signal.SIGTERM)
        rest, complaints = running.communicate(timeout=10)
        assert (running.returncode, rest, complaints) == (0, "", "")


def test_ctrl_c_ends_it_without_a_traceback():
    with process("--port", "0", "--json") as running:
        running.stdout.readline()
        running.send_signal(signal.SIGINT)
        assert running.communicate(timeout=10) == ("", "")
        assert running.returncode == 0


def test_tls_names_the_ca_to_trust():
    with process("--port", "0", "--json", "--tls") as running:
        line = json.loads(running.stdout.readline())
        assert requests.get(f"{line['control']['url']}/health", verify=line["ca_file"]).json() == {"status": "ok"}


@pytest.mark.parametrize(("command", "sign"), [("serve", "SIGTERM"), ("serve", "SIGHUP"), ("watch", "SIGHUP")])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a signal")
def test_no_private_key_is_left_behind(command: str, sign: str):
    with process("--port", "0", "--json", "--tls", command=command) as running:
        folder = Path(json.loads(running.stdout.readline())["ca_file"]).parent
        assert {each.name for each in folder.iterdir()} == {"ca.pem", "server.pem", "server.key"}
        running.send_signal(getattr(signal, sign))
        running.communicate(timeout=20)
        assert not folder.exists()


def test_a_taken_port_is_one_line_and_exit_code_2(ready):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        result = run("--port", port)
    assert (result.exit_code, result.output) == (
        2,
        f"Error: cannot listen on 127.0.0.1 port {port}: the port is taken\n",
    )


def test_flags_profiles_and_seed_are_in_force_from_the_start(ready, tmp_path):
    (tmp_path / "people.json").write_text(json.dumps(PEOPLE))
    arguments = ("--set", "fake.shouts=on", "--profile", "fake=small", "--seed", str(tmp_path / "people.json"))
    assert run(*arguments).exit_code == 0
    target = ready[0].target("fake")
    target.reset()
    assert (target.behaviour.shouts, target.behaviour.page_size) == (True, 2)
    assert target.directory.count("User") == 1


def test_a_setting_goes_over_a_profile(ready):
    run("--set", "fake.page_size=7", "--profile", "fake=small")
    assert ready[0].target("fake").behaviour.page_size == 7


def test_a_flag_without_a_target_is_set_wherever_it_exists(ready):
    run("--set", "supports_groups=off")
    assert ready[0].target("fake").behaviour.supports_groups is False


def test_a_fault_is_armed_from_the_start_and_after_every_reset(ready, tmp_path):
    (tmp_path / "people.json").write_text(json.dumps(PEOPLE))
    named = ("--fault", "fake=create.conflict_exists:ada", "--fault", "fake=conn.reset")
    run(*named, "--seed", str(tmp_path / "people.json"))
    target = ready[0].target("fake")
    for _ in range(2):
        armed = [(fault["name"], fault["entity"]) for fault in target.faults.describe()]
        assert armed == [("create.conflict_exists", "ada"), ("conn.reset", None)]
        assert target.directory.count("User") == 1
        target.reset()


def test_seeds_can_be_given_by_target(ready, tmp_path):
    (tmp_path / "people.json").write_text(json.dumps({"fake": PEOPLE}))
    run("--seed", str(tmp_path / "people.json"))
    assert ready[0].target("fake").directory.count("Group") == 1


def test_an_id_seed_makes_the_same_ids(ready):
    run("--id-seed", "7")
    run("--id-seed", "7")
    first, second = (environment.target("fake").directory.add("User", {"login": "ada"}).id for environment in ready)
    assert first == second


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nobody",), "there is no target 'nobody'"),
        (("--set", "fake.speed=1"), "there is no flag 'speed'"),
        (("--set", "speed=1"), "no served target has a flag 'speed'; provcheck list flags names them all"),
        (("--set", "shout=on"), "no served target has a flag 'shout'; did you mean shouts?"),
        (("--set", "other.shouts=on"), "'other' is not served; served: fake"),
        (("--set", "fake.shouts"), "--set takes [TARGET.]FLAG=VALUE"),
        (("--set", "=on"), "--set takes [TARGET.]FLAG=VALUE"),
        (("--set", "fake.shouts=loudly"), "shouts takes true or false, not 'loudly'"),
        (("--profile", "fake=okta"), "fake has no preset 'okta'; there are loud, small"),
        (("--profile", "fake=lou"), "fake has no preset 'lou'; did you mean loud?"),
        (("--profile", "loud"), "--profile takes TARGET=PRESET, as in fake=loud, not 'loud'"),
        (("--profile", "other=loud"), "'other' is not served"),
        (("--fault", "fake=conn.rest"), "no fault is called 'conn.rest'; did you mean conn.reset"),
        (("--fault", "fake=operation=user.crate status=500"), "fake: there is no operation 'user.crate'"),
        (("--fault", "other=conn.reset"), "'other' is not served"),
        (("--profile", "fake"), "not 'fake': fake is a target; provcheck list presets names all that there is"),
        (("--fault", "fake"), "not 'fake': fake is a target; provcheck list faults names all that there is"),
        (("--set", "fake"), "not 'fake': fake is a target; provcheck list flags names all that there is"),
        (("--fault", "create.conflct"), "not 'create.conflct'; did you mean create.conflict"),
        (("--fault", "conn.reset"), "TARGET=FIELD=VALUE, as in fake=conn.reset, not 'conn.reset'"),
        (("--fault", "fake=create.nosuch"), "provcheck list faults prints all names, and fields describe any other"),
        (("--fault", "fake=user.update"), "user.update is an operation: describe a fault of it by fields, as in"),
        (("--fault", "fake=operation=user.update keeps=0"), "at the moment before; add moment=partial"),
        (("--fault", "operation=user.update status=500"), "as in --fault 'fake=operation=user.update status=500'"),
        (("--seed", "/nowhere/people.json"), "cannot read /nowhere/people.json: No such file or directory"),
        (("--host", "0.0.0.0"), "can be reached from other machines; add --expose NAME"),
        (("--host", "example.com"), "can be reached from other machines"),
        (("--host", "192.0.2.1", "--expose", "idp.test"), "this machine has no such address"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(ready, arguments, told):
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.output
    assert result.output.count("\n") == 1
    assert ready == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not valid JSON"),
        ("[]", "a seed is an object"),
        ('{"nobody": {}}', "'nobody' is neither users, groups nor a served target (fake)"),
        ('{"users": [{"userName": "ada"}, {"userName": "ada"}]}', "User with login 'ada' already exists"),
        ('{"users": [{"userName": "ada", "titel": "x"}]}', "users[0] has no 'titel'; did you mean title?"),
        ('{"users": [{"userName": "ada", "title": "x"}]}', "user 'ada': fake keeps no title; it keeps userName, "),
        ('{"groups": [{"displayName": "g", "members": ["nobody"]}]}', "group 'g': no user is called 'nobody'"),
    ],
)
def test_a_seed_that_cannot_be_used_is_one_line_and_exit_code_2(ready, tmp_path, text, told):
    (tmp_path / "people.json").write_text(text)
    result = run("--seed", str(tmp_path / "people.json"))
    assert result.exit_code == 2
    assert "people.json" in result.output
    assert told in result.output
    assert result.output.count("\n") == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.2"])
def test_the_loopback_needs_no_consent(ready, host):
    if host == "::1" and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    check_address(host, None, None)


def test_an_exposed_server_is_known_by_its_name(ready):
    assert run("--host", "0.0.0.0", "--expose", "idp.test").exit_code == 0
    assert ready[0].target("fake").base_url.startswith("http://idp.test:")


def test_people_get_lines_to_copy(capsys):
    environment = Environment(specs=[SPEC], tenants=True)
    show(environment, Path("/tmp/ca.pem"))
    page = capsys.readouterr().out
    token = environment.target("fake").token
    assert f"curl --cacert /tmp/ca.pem -H 'Authorization: Bearer {token}' http://localhost/fake/people\n" in page
    assert environment.control_token in page
    assert "/~NAME/" in page


def test_the_line_for_programs_is_one_line():
    assert "\n" not in as_line(Environment(specs=[SPEC]), None)


def test_ports_beyond_the_last_one_are_refused_before_anything_starts():
    done = CliRunner().invoke(main, ["serve", "--port", "65535", "--port-per-target", "scim", "slack"])
    assert (done.exit_code, done.output.count("\n")) == (2, 1)
    assert "the last one is 65535" in done.output
