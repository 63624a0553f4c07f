"""One secret is put everywhere, and searched for in every output of every command."""

from __future__ import annotations

import io
import json
import logging
import shlex
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from provcheck.harness.cli import main
from provcheck.harness.model import redaction as of_harness
from provcheck.harness.report.kinds import KINDS
from provcheck.harness.testbed.serving import Serving, Watching
from provcheck.harness.watch import Expectations, Session
from provcheck.harness.watch.session import Wishes
from provcheck.harness.watch.view import Lines
from provcheck.mock_targets import registry
from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.journal import redaction as of_mock
from provcheck.mock_targets.serving.access_log import AccessLog
from provcheck.mock_targets.serving.server import Server
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.testing import Handle
from tests.secrets.canary import BODIES, HEADERS, NAMES, QUERIES, SAID, SECRET, entries

TOKEN = "Zq7Token8Wy3"
CONTROL_TOKEN = "Zq7Control5Rt6"
REPORTS = tuple(name for name, kind in KINDS.items() if kind.maker)


def send(app: Any, path: str, *, query: str = "", body: str = "", **headers: str) -> None:
    """One request to a WSGI app, without a socket."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(body.encode()),
        "wsgi.url_scheme": "http",
        "wsgi.errors": None,
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/scim+json",
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {TOKEN}",
        **headers,
    }
    for _ in app(environ, lambda *_: None):
        pass


def send_secrets(app: Any, target: Target) -> None:
    """Requests with the secret and the token in every place."""
    base = Handle(target).base_url.partition("localhost")[2]
    for header in HEADERS:
        send(app, f"{base}/Users", **{"HTTP_" + header.upper().replace("-", "_"): f"Bearer {SECRET}"})
    for query in QUERIES:
        send(app, f"{base}/Users", query=query)
    for token in (TOKEN, CONTROL_TOKEN):
        for query in (f"note={token}", f"note=%5A{token[1:]}", f"filter=userName%20eq%20%22{token}%22"):
            send(app, f"{base}/Users", query=query)
        send(app, f"{base}/Users/{token}", HTTP_X_TRACE=f"was {token}")
        send(app, f"{base}/{token}/password={SECRET}")
        send(app, f"{base}/Users", HTTP_AUTHORIZATION=f"Bearer {token}")
    for body in (
        *BODIES,
        *(each for token in (TOKEN, CONTROL_TOKEN) for each in (json.dumps({"userName": token}), token)),
    ):
        send(app, f"{base}/Users", body=body)
        send(app, f"{base}/Users", body=body, CONTENT_TYPE="application/x-www-form-urlencoded")


@pytest.fixture(params=registry.names())
def holder(request: pytest.FixtureRequest) -> tuple[Environment, str]:
    environment = Environment([request.param], token=TOKEN, control_token=CONTROL_TOKEN)
    send_secrets(environment, environment.target(request.param))
    return environment, request.param


def test_what_a_target_keeps_and_shows(holder: tuple[Environment, str]) -> None:
    environment, name = holder
    handle, told = Handle(environment.target(name)), []
    for path in ("journal", "journal.har", "snapshot", "faults"):
        parts: list[bytes] = []
        environ = {"HTTP_AUTHORIZATION": f"Bearer {environment.control_token}"}
        send_to_control(environment, f"/_control/targets/{name}/{path}", parts, environ)
        told.append(b"".join(parts).decode())
        assert len(told[-1]) > 10
    exchanges = handle.target.journal.since()
    told += [*handle.journal.lines(), repr(exchanges[0].intents), *(each.error or "" for each in exchanges)]
    told += [repr(each.intents) for each in exchanges]
    assert len(exchanges) > len(BODIES) * 2
    assert SECRET not in "\n".join(told)
    assert TOKEN not in "\n".join(told)
    assert CONTROL_TOKEN not in "\n".join(told)


def send_to_control(environment: Environment, path: str, into: list[bytes], more: dict[str, str]) -> None:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": BytesIO(b""),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "HTTP_HOST": "localhost",
        **more,
    }
    into.extend(environment(environ, lambda *_: None))


def test_what_the_access_log_says() -> None:
    environment, file = Environment(["scim"], token=TOKEN, control_token=CONTROL_TOKEN), io.StringIO()
    app = AccessLog(environment, file, clock=environment.clock, secrets=environment.secrets)
    send_secrets(app, environment.target("scim"))
    assert file.getvalue().count("\n") > len(BODIES)
    assert SECRET not in file.getvalue()
    assert TOKEN not in file.getvalue()
    assert CONTROL_TOKEN not in file.getvalue()


def test_what_a_server_logs_when_it_fails(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    environment = Environment(["scim"], token=TOKEN, control_token=CONTROL_TOKEN)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"{TOKEN} {CONTROL_TOKEN} client_secret={SECRET}")

    app = environment.main.app("scim")
    monkeypatch.setattr(app, "view_functions", dict.fromkeys(app.view_functions, fail))
    send(environment, f"/scim/v2/Users/{TOKEN}", query=f"password={SECRET}")
    monkeypatch.setattr("provcheck.mock_targets.control_api.views.snapshot", fail)
    monkeypatch.setattr(environment.main.targets["scim"].journal, "since", fail)
    environ = {"HTTP_AUTHORIZATION": f"Bearer {environment.control_token}"}
    send_to_control(environment, "/_control/targets/scim/journal", [], environ)
    server = Server(environment)
    server.start()
    try:
        fail()
    except RuntimeError as error:
        next(iter(server._listeners.values())).error_log(repr(error), logging.ERROR, traceback=True)
    finally:
        server.stop()
    assert caplog.text.count("RuntimeError") >= 3
    assert SECRET not in caplog.text
    assert TOKEN not in caplog.text
    assert CONTROL_TOKEN not in caplog.text


def test_what_check_prints_and_writes_about_a_client_that_lets_out_secrets(tmp_path: Path) -> None:
    lines = tmp_path / "said.json"
    lines.write_text(json.dumps(SAID), encoding="utf-8")
    client = Path(__file__).with_name("leaking_client.py")
    spec = shlex.join([sys.executable, "-S", "-E", str(client), str(lines), "--token", SECRET])
    reports = [word for kind in REPORTS for word in ("--report", f"{kind}={tmp_path / kind}")]
    chosen = ("e5-create-not-allowed", "resync-while-update-not-allowed", "update-on-again-without-resync")
    options = ["--target", "scim+", *(word for name in chosen for word in ("--scenario", name))]
    words = ("--details", "--lint", "--client-log", str(tmp_path / "client-log"), "--report", "console")
    result = CliRunner().invoke(main, ["check", "--client", spec, *options, *words, *reports])
    token = json.loads(lines.read_text(encoding="utf-8"))[-2]
    files = (*REPORTS, "client-log")
    told = {"console": result.output, **{name: (tmp_path / name).read_text(encoding="utf-8") for name in files}}
    assert result.exit_code == 1, result.output
    assert "last words" in told["jsonl"]
    assert all("redacted" in text for text in told.values())
    assert [kind for kind, text in told.items() if SECRET in text or token in text] == []


@pytest.mark.parametrize("options", [(), ("--json",)], ids=" ".join)
def test_what_lint_prints_about_a_recording_of_others(tmp_path: Path, options: tuple[str, ...]) -> None:
    journal = tmp_path / "journal.json"
    journal.write_text(json.dumps(entries()), encoding="utf-8")
    result = CliRunner().invoke(main, ["lint", str(journal), *options])
    assert result.exit_code == 1
    assert len(result.output) > 2000
    assert SECRET not in result.output


def test_what_a_watch_shows_and_reports(capsys: pytest.CaptureFixture[str]) -> None:
    from rich.console import Console

    from provcheck.harness.model import VirtualClock
    from provcheck.harness.report import ConsoleReport

    with Watching(Serving(targets=("scim",), id_seed=1)) as served:
        environment, console = served._environment, Console(markup=False, highlight=False)
        wishes = Wishes(fails=("error", "warning"), expectations=Expectations({}))
        session = Session(served.targets, wishes, Lines(console), VirtualClock(), stopped=lambda: True)
        token = served.targets[0].token
        for body in BODIES:
            send(environment, "/scim/v2/Users", body=body, HTTP_AUTHORIZATION=f"Bearer {token}")
        for query in (*QUERIES, f"filter=userName%20eq%20%22{token}%22"):
            send(environment, "/scim/v2/Users", query=query, HTTP_AUTHORIZATION=f"Bearer {token}")
        session.watch()
        report = ConsoleReport(console, details="2025")
        session.finish([report])
        report.close()
    told = "".join(capsys.readouterr())
    assert "SCIM" in told
    assert SECRET not in told
    assert token not in told


def test_what_a_sync_prints_and_writes_about_a_target_that_quotes_secrets(tmp_path: Path) -> None:
    with Watching(Serving(targets=("scim",))) as served:
        target = served.targets[0]
        quoted = " ".join(SAID[:30]) + f" with {target.token}"
        for number, said in enumerate([quoted[:180], f"{target.token} is wrong", *SAID]):
            target.handle.faults.arm(
                operation="user.create", entity=f"user{number}", status=400, body={"detail": said}, times=None
            )
        names = [f"user{number}" for number in range(len(SAID) + 2)]
        (tmp_path / "people.csv").write_text("userName,email\n" + "\n".join(f"{n},{n}@example.com" for n in names))
        lines = ('type = "scim"', f'SCIM_URL = "{target.base_url}"', f'OAUTH_ACCESS_TOKEN = "{target.token}"')
        (tmp_path / "c.toml").write_text("\n".join(lines))
        files = ("--source", str(tmp_path / "people.csv"), "--connection", str(tmp_path / "c.toml"))
        result = CliRunner().invoke(main, ["sync", *files, "--audit", str(tmp_path / "audit.jsonl")])
    told = [result.output, *((tmp_path / name).read_text() for name in ("audit.jsonl", "c.state.json"))]
    assert result.exit_code == 1, result.output
    assert all("[redacted]" in text for text in told)
    assert not [text for text in told if SECRET in text or target.token in text]


def test_what_a_sync_says_about_a_target_that_cannot_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provcheck.harness.client.sync_run.SystemClock", VirtualClock)
    (tmp_path / "people.csv").write_text("userName,email\nada,ada@example.com")
    url = f"http://ada:{SECRET}@127.0.0.1:1/scim?api_key={SECRET}"
    (tmp_path / "c.toml").write_text(f'type = "scim"\nSCIM_URL = "{url}"\nOAUTH_ACCESS_TOKEN = "{SECRET}"')
    files = ("--source", str(tmp_path / "people.csv"), "--connection", str(tmp_path / "c.toml"))
    result = CliRunner().invoke(main, ["sync", *files, "--audit", str(tmp_path / "audit.jsonl")])
    assert result.exit_code in (1, 2)
    written = [file.read_text() for file in tmp_path.iterdir() if file.name not in ("c.toml", "people.csv")]
    assert not [text for text in (result.output, *written) if SECRET in text]


@pytest.mark.parametrize(
    "spec", [f"'node x.mjs --token {SECRET}", f"http://ada:{SECRET}@127.0.0.1:1/", f"x.y:{{{SAID[0]}}}"]
)
def test_what_a_command_says_that_cannot_start(spec: str) -> None:
    result = CliRunner().invoke(main, ["check", "--client", spec, "--scenario", "e5*"])
    assert result.exit_code == 2
    assert SECRET not in result.output


@pytest.mark.parametrize("text", SAID)
def test_any_line_that_names_a_secret(text: str) -> None:
    assert SECRET not in of_harness.Redactor().text(text)


@pytest.mark.parametrize(
    "text",
    [
        "401 invalid_token: the token is expired",
        "user ada: HTTP 409: userName is taken",
        "expected basic attributes, seen none",
        'filter userName eq "ada"',
        "secretary: Ada Lovelace",
        "a token for each request",
        "https://example.com/Users?startIndex=1&count=10",
    ],
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert of_harness.Redactor().text(text) == text


def test_both_sides_know_the_same_names_of_secrets() -> None:
    names = {*NAMES, *HEADERS, "userName", "secretary", "keyword", "signed", "author", "tokens", "x_signature"}
    assert {name for name in names if of_harness.names_secret(name)} == {
        name for name in names if of_mock.names_secret(name)
    }
