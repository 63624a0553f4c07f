"""`provcheck init` writes a client that works at once; `provcheck check --client` says in one line what does not."""

from __future__ import annotations

import runpy
import shlex
import shutil
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from provcheck.harness.cli import main

STARTERS = {"python": ("client.py", sys.executable), "node": ("client.mjs", "node")}


def provcheck(*words: str):
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize("language", STARTERS)
def test_the_starter_works_at_once(language: str, tmp_path: Path) -> None:
    name, runner = STARTERS[language]
    assert shutil.which(runner), f"{runner} is needed to try this starter"
    assert provcheck("init", language, str(tmp_path / "mine")).exit_code == 0
    client = shlex.join([runner, str(tmp_path / "mine" / name)])
    report = tmp_path / "report.xml"
    ended = provcheck("check", "--client", client, "--level", "documented", "--report", f"junit={report}")
    assert ended.exit_code == 0, ended.output
    assert 'tests="' in report.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", STARTERS)
def test_the_starter_holds_what_it_sets_out_to_do(language: str, tmp_path: Path) -> None:
    name, runner = STARTERS[language]
    provcheck("init", language, str(tmp_path))
    client = shlex.join([runner, str(tmp_path / name)])
    ended = provcheck("check", "--client", client, "--target", "scim", "--scenario", "update-*")
    assert ended.exit_code == 0, ended.output


@pytest.mark.parametrize("language", STARTERS)
def test_a_directory_with_something_in_it_is_left_as_it_is(language: str, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    ended = provcheck("init", language, str(tmp_path))
    assert (ended.exit_code, ended.output) == (2, f"Error: {tmp_path} is not empty; nothing was written\n")
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_in_the_place_of_the_directory_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = provcheck("init", "node", str(tmp_path / "file"))
    assert ended.exit_code == 2
    assert ended.output.startswith("Error: cannot write to")


class Heard(BaseHTTPRequestHandler):
    """Notes the credentials of requests, and redirects to `elsewhere` if there is one."""

    def do_GET(self) -> None:
        self.server.heard.append(self.headers.get("Authorization"))
        elsewhere = self.server.elsewhere
        self.send_response(302 if elsewhere else 200)
        if elsewhere:
            self.send_header("Location", elsewhere + self.path)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def listening(elsewhere: str = "") -> Iterator[tuple[str, list[str | None]]]:
    """A server, and the credentials that it heard."""
    with HTTPServer(("127.0.0.1", 0), Heard) as server:
        server.heard, server.elsewhere = [], elsewhere
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", server.heard
        server.shutdown()
        thread.join(5)


def test_the_starter_keeps_its_token_from_the_host_that_it_is_redirected_to(tmp_path: Path) -> None:
    provcheck("init", "python", str(tmp_path))
    starter = runpy.run_path(str(tmp_path / "client.py"))
    with listening() as (other, heard_there), listening(other) as (own, heard_here), listening(own) as (same, _):
        for url in (own, same):
            request = urllib.request.Request(f"{url}/Users", headers={"Authorization": "Bearer token-of-the-target"})
            with starter["OPENER"].open(request, timeout=10) as answer:
                assert answer.read() == b"{}"
    assert heard_here == ["Bearer token-of-the-target", None]
    assert heard_there == [None, None]


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    assert provcheck("init", "cobol", str(tmp_path)).exit_code == 2


def test_check_says_in_one_line_that_a_client_cannot_be_used() -> None:
    ended = provcheck("check", "--client", "no-such-command", "--target", "scim")
    assert ended.exit_code == 2
    assert ended.output == "Error: the client cannot be started: no-such-command: No such file or directory\n"


def test_check_refuses_a_time_that_is_none() -> None:
    assert provcheck("check", "--client", "x", "--timeout", "0").exit_code == 2
