"""`provcheck sync`: dry runs, authorities of one's own, and messages about files and connections."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, SSLError

from provcheck.harness import vendors
from provcheck.harness.client import sync_run as command
from provcheck.harness.client.connection_errors import cause, host_of
from provcheck.harness.client.sync_run import Order
from provcheck.harness.client.sync_run import sync as run_sync
from provcheck.harness.commands.sync import sync
from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.serving.certificates import Certificates
from provcheck.mock_targets.serving.server import serving
from provcheck.mock_targets.testing import session
from tests.client.provisioning_rig import Rig

CSV = "userName,givenName,groups\nada,Ada,Staff;Board\nbob,Bob,Staff\n"


@pytest.fixture
def rig(monkeypatch: pytest.MonkeyPatch) -> Rig:
    made = Rig()
    monkeypatch.setattr(command.requests, "Session", lambda: made.session)
    monkeypatch.setattr(command, "SystemClock", lambda: made.clock)
    return made


def written(folder: Path, url: str, token: str, csv: str = CSV) -> list[str]:
    """The options that name a source and a connection, which are written into a folder."""
    source, connection = folder / "people.csv", folder / "c.toml"
    source.write_text(csv)
    connection.write_text(f'type = "scim"\nSCIM_URL = "{url}"\nOAUTH_ACCESS_TOKEN = "{token}"\n')
    return ["--source", str(source), "--connection", str(connection)]


def run(options: list[str], *more: str) -> Result:
    return CliRunner().invoke(sync, [*options, *more])


def told(result: Result) -> list[str]:
    return [line for line in result.stdout.splitlines() if line.startswith("would ")]


def test_a_dry_run_tells_every_write_and_makes_none(rig: Rig, tmp_path: Path) -> None:
    options = written(tmp_path, rig.target.base_url, rig.target.token)
    result = run(options, "--dry-run")
    assert result.exit_code == 0, result.output
    assert told(result) == [
        "would create user userName ada, externalId ada, givenName Ada, active true",
        "would create user userName bob, externalId bob, givenName Bob, active true",
        "would create group Staff",
        "would add to group Staff: ada, bob",
        "would create group Board",
        "would add to group Board: ada",
    ]
    assert "dry run: 6 writes left out" in result.stdout
    assert {exchange.method for exchange in rig.target.journal} == {"GET"}
    assert not list(tmp_path.glob("*.state.json"))


def test_a_dry_run_tells_what_the_sync_then_does(rig: Rig, tmp_path: Path) -> None:
    options = written(tmp_path, rig.target.base_url, rig.target.token)
    dry = run(options, "--dry-run").stdout.partition("would then be:\n\n")[2]
    real = run(options).stdout
    assert dry == real
    state = (tmp_path / "c.state.json").read_bytes()
    written(tmp_path, rig.target.base_url, rig.target.token, "userName,givenName,groups\nada,Adele,Staff\n")
    changed = run(options, "--dry-run")
    assert set(told(changed)) == {
        "would update user bob: active false",
        "would update user ada: givenName Adele",
        "would remove from group Staff: bob",
    }
    assert (tmp_path / "c.state.json").read_bytes() == state


def test_a_dry_run_links_accounts_that_are_there(rig: Rig, tmp_path: Path) -> None:
    options = written(tmp_path, rig.target.base_url, rig.target.token)
    run(options)
    (tmp_path / "c.state.json").unlink()
    assert told(run(options, "--dry-run")) == []


@pytest.fixture(scope="module")
def https(tmp_path_factory: pytest.TempPathFactory):
    """A SCIM target behind TLS: its environment and the file of its authority."""
    environment = Environment(["scim"])
    certificates = Certificates(["localhost", "127.0.0.1"])
    with serving(environment, certificates=certificates):
        yield environment.target("scim"), certificates.ca_file
    certificates.close()


def test_a_target_with_an_authority_of_its_own_is_trusted_when_it_is_named(
    https, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, ca_file = https
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))  # the option goes before it
    options = written(tmp_path, f"{target.base_url}/v2", target.token)
    assert run(options, "--ca", str(ca_file)).exit_code == 0


def test_a_certificate_that_is_not_trusted_is_told_with_the_host_and_the_cause(https, tmp_path: Path) -> None:
    target, _ = https
    result = run(written(tmp_path, f"{target.base_url}/v2", target.token))
    assert result.exit_code == 1
    assert "127.0.0.1:" in result.stderr
    assert "the certificate was not accepted: " in result.stderr


@pytest.mark.parametrize("text, why", [(None, "No such file or directory"), ("x", "holds no certificate in PEM form")])
def test_a_file_without_certificates_is_one_line(rig: Rig, tmp_path: Path, text: str | None, why: str) -> None:
    if text is not None:
        (tmp_path / "ca.pem").write_text(text)
    result = run(written(tmp_path, rig.target.base_url, "abcdefgh"), "--ca", str(tmp_path / "ca.pem"))
    assert (result.exit_code, result.stderr) == (2, f"Error: {tmp_path / 'ca.pem'}: {why}\n")


def test_a_column_that_nothing_uses_is_reported(rig: Rig, tmp_path: Path) -> None:
    options = written(tmp_path, rig.target.base_url, rig.target.token, "userName,departmnt,shoe\nada,R,38\nbob,,\n")
    warnings = run(options).stderr.splitlines()
    assert warnings[0].endswith(
        "'departmnt' is used by no mapping of the rule, and was not synced; did you mean department?"
    )
    assert warnings[1] == "warning: people.csv: 'shoe' is used by no mapping of the rule, and was not synced"


def test_a_column_that_the_rule_maps_or_asks_for_is_not_reported(rig: Rig, tmp_path: Path) -> None:
    options = written(tmp_path, rig.target.base_url, rig.target.token, "userName,title,office\nada,Countess,London\n")
    with (tmp_path / "c.toml").open("a") as file:
        file.write(
            '[rule]\nuser_filter = \'office Eq "London"\'\n[rule.mapping]\nuserName = "user_name"\ntitle = "title"\n'
        )
    result = run(options)
    assert result.exit_code == 0, result.output
    assert "is used by no mapping" not in result.stderr


@pytest.mark.parametrize("sign, name", [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_a_file_with_other_separators_is_told_so(rig: Rig, tmp_path: Path, sign: str, name: str) -> None:
    result = run(written(tmp_path, rig.target.base_url, "abcdefgh", CSV.replace(",", sign)))
    assert result.exit_code == 2
    assert f"line 1: columns are separated by commas, not by {name}" in result.stderr


@pytest.mark.parametrize(
    "kind, key, wanted",
    [("scim", "BASE_URL", "SCIM_URL"), ("slack", "SCIM_URL", "BASE_URL"), ("scim", "url", "SCIM_URL")],
)
def test_the_url_option_of_another_store_is_told_by_its_name_here(
    rig: Rig, tmp_path: Path, kind: str, key: str, wanted: str
) -> None:
    options = written(tmp_path, "http://x", "abcdefgh")
    (tmp_path / "c.toml").write_text(f'type = "{kind}"\n{key} = "http://x"\nOAUTH_ACCESS_TOKEN = "abcdefgh"\n')
    assert f"a {kind} connection has no '{key}'; its URL is {wanted}" in run(options).stderr


def caused(error: Exception, by: Exception | None) -> Exception:
    """An error as libraries raise them: with its cause, and as the reason of a retry."""
    error.__cause__ = by
    return requests.exceptions.ConnectionError(MaxRetryError(None, "/", error))


REFUSED = ConnectionRefusedError(111, "Connection refused")
RESET = ConnectionResetError(104, "Connection reset by peer")


@pytest.mark.parametrize(
    "error, words",
    [
        (
            caused(NewConnectionError(None, "x"), ConnectionRefusedError(111, "Connection refused")),
            "connection refused",
        ),
        (caused(SSLError(ssl.SSLError(1, "wrong version number")), None), "the server does not speak TLS as expected"),
        (requests.exceptions.ConnectTimeout(ConnectTimeoutError("x")), "no connection was made in time"),
        (requests.exceptions.ReadTimeout("x"), "no answer came in time"),
        (requests.exceptions.ProxyError("x"), "the proxy could not be used"),
        (
            requests.exceptions.ConnectionError(RESET),
            "connection reset by peer",
        ),
        (requests.exceptions.InvalidSchema("x"), "InvalidSchema"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_cause_of_a_failed_connection_is_told_in_plain_words(error: Exception, words: str) -> None:
    assert cause(error) == words


def test_the_host_is_told_without_credentials() -> None:
    assert host_of("https://ada:secret@idp.test:8443/scim/v2") == "idp.test:8443"


TEAMS = "userName,email,givenName,familyName,groups\n"
FIRST = f"{TEAMS}ada,a@x.org,Ada,L,Staff;Board\nbob,b@x.org,Bob,B,Staff\neve,e@x.org,Eve,E,\n"
SECOND = f"{TEAMS}ada,a@x.org,Adele,L,Staff\neve,e@x.org,Eve,E,Staff\nzoe,z@x.org,Zoe,Z,New\n"


@pytest.mark.parametrize("configuration", vendors.configurations(), ids=lambda each: each.id)
def test_a_dry_run_comes_to_the_summary_of_the_sync_on_every_target(configuration, tmp_path: Path) -> None:
    name, clock = configuration.target, VirtualClock()
    environment = Environment([name], clock=clock, flags={name: configuration.flags})
    target = environment.target(name)
    options = {option.field: option for option in vendors.store(name).options}
    given = {"base_url": target.urls()[configuration.address], "token": target.token, **configuration.connection}
    if configuration.flags.get("authentication") == "basic":
        given |= {"basic_auth_user": "admin", "basic_auth_password": target.token}
    if "oauth" in configuration.capabilities:
        tokens = target.tokens
        given |= {"oauth_client_id": tokens.client_id, "oauth_client_secret": tokens.client_secret}
        given |= {"oauth_token_request": target.urls()["token_url"]}
    lines = [f'type = "{name}"']
    for field, value in given.items():
        word = next((word for word, meant in options[field].renamed if meant == value), value)
        lines.append(f'{options[field].key} = "{word}"')
    if name == "scim":
        groups = str(configuration.supports_groups).lower()
        lines += [f'MEMBERSHIP_STYLE = "{configuration.membership_style}"', f"SUPPORTS_GROUPS = {groups}"]
    (tmp_path / "c.toml").write_text("\n".join(lines))
    source = tmp_path / "people.csv"
    for csv in (FIRST, SECOND):
        source.write_text(csv)
        dry, real = (
            run_sync(
                Order(source, tmp_path / "c.toml", dry_run=is_dry), vendors, session=session(environment), clock=clock
            )
            for is_dry in (True, False)
        )
        assert dry.planned
        assert (dry.summary, dry.failures, real.planned) == (real.summary, (), ())
