"""A sync whose process was killed: what it was about to create is known to the next one."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from provcheck.harness.client.store import StateStore
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.testing import Handle, serving

USERS, CREATED = 200, 50
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")


def write_source(file: Path, numbers: range) -> None:
    rows = [f"user{number},user{number}@example.com,Given,Family{number}" for number in numbers]
    file.write_text("\n".join(["userName,email,givenName,familyName", *rows]), encoding="utf-8")


def sync(folder: Path) -> subprocess.Popen[bytes]:
    files = ("--source", str(folder / "people.csv"), "--connection", str(folder / "c.toml"))
    command = [sys.executable, "-m", "provcheck", "sync", *files]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def users(target: Target) -> dict[str, bool]:
    return {each.document["userName"]: each.document.get("active", True) for each in target.directory.all("User")}


def test_a_leaver_after_a_kill_is_turned_off_and_nobody_is_created_twice(tmp_path: Path) -> None:
    environment = Environment(["scim"])
    with serving(environment):
        target = environment.target("scim")
        url = Handle(target).base_url
        lines = ('type = "scim"', f'SCIM_URL = "{url}"', f'OAUTH_ACCESS_TOKEN = "{target.token}"')
        (tmp_path / "c.toml").write_text("\n".join(lines), encoding="utf-8")
        write_source(tmp_path / "people.csv", range(USERS))
        first = sync(tmp_path)
        while target.directory.count("User") < CREATED and first.poll() is None:
            time.sleep(0.001)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        created = set(users(target))
        assert CREATED <= len(created) < USERS

        write_source(tmp_path / "people.csv", range(20, USERS))
        second = sync(tmp_path)
        told = second.communicate()[1].decode()
        assert second.returncode == 0, told
    leavers = {f"user{number}" for number in range(20)} & created
    assert len(leavers) == 20
    assert {name for name, active in users(target).items() if not active} == leavers
    assert target.directory.count("User") == USERS
    state = StateStore(tmp_path / "c.state.json").load()
    assert (state.planned, state.orphans, len(state.users)) == ({}, [], USERS - 20)
