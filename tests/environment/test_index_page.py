"""The page at `/`, and the environment variables that it names."""

from __future__ import annotations

import re
import subprocess

import pytest
from werkzeug.test import Client

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.exports import SECRETS, variables


@pytest.fixture(scope="module")
def environment() -> Environment:
    return Environment(tenants=True, url="http://127.0.0.1:8080")


def test_a_browser_gets_html_with_every_target_and_its_urls(environment):
    answer = Client(environment).get("/", headers={"Accept": "text/html,application/xhtml+xml"})
    assert answer.content_type == "text/html; charset=utf-8"
    for name, target in environment.targets.items():
        assert f"<th>{name}</th>" in answer.text
        assert not [url for url in target.urls().values() if url not in answer.text]
    assert f"{environment.control_url()}/openapi.json" in answer.text


def test_curl_gets_text_that_a_shell_can_read(environment):
    answer = Client(environment).get("/", headers={"Accept": "*/*"})
    assert answer.content_type == "text/plain; charset=utf-8"
    done = subprocess.run(["sh", "-c", f"{answer.text}\nenv"], capture_output=True, text=True, check=True, env={})
    found = dict(re.findall(r"^(PROVCHECK_\w+)=(.*)$", done.stdout, re.MULTILINE))
    wanted = variables(environment.targets, control_url=environment.control_url(), control_token="x")
    assert found == {name: value for name, value in wanted.items() if not name.endswith(SECRETS)}


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_it_holds_no_token_and_runs_no_script(environment, accept):
    answer = Client(environment).get("/", headers={"Accept": accept})
    assert not [token for token in environment.secrets() if token in answer.text]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_can_only_be_read(environment):
    assert Client(environment).head("/").data == b""
    assert Client(environment).post("/").status_code == 405


def test_a_target_that_is_served_alone_has_the_short_names_as_well(environment):
    access = {"control_url": "http://c", "control_token": "t"}
    slack = environment.target("slack")
    alone, beside = variables({"slack": slack}, **access), variables(environment.targets, **access)
    assert (alone["PROVCHECK_URL"], alone["PROVCHECK_TOKEN"]) == (f"{slack.base_url}/scim/v2", slack.token)
    assert beside["PROVCHECK_SLACK_TOKEN"] == slack.token
    assert not {"PROVCHECK_URL", "PROVCHECK_TOKEN", "PROVCHECK_CA_FILE"} & set(beside)
