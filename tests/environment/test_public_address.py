"""Where others reach the server: host names, public URLs and fixed tokens."""

from __future__ import annotations

import pytest
import requests
from click import ClickException

from provcheck.mock_targets.commands.options import certificate_names, check_address, check_token
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.serving.server import serving
from tests.fake_target import SPEC


@pytest.mark.parametrize("name", ["idp.test", "mocks", "192.0.2.7", "2001:db8::1", "[2001:db8::1]", "a-b.c_d.example."])
def test_a_host_name_or_address_can_be_exposed(name):
    check_address("0.0.0.0", name, None)


@pytest.mark.parametrize(
    "name", ["", "http://x.y:80/", "x:8080", "a b", "-x", "x/y", "300.1.2.3", "x..y", "ü", "a" * 300]
)
def test_what_is_no_host_name_is_refused(name):
    with pytest.raises(ClickException, match="--expose takes a host name such as"):
        check_address("127.0.0.1", name, None)


def test_a_url_given_as_host_name_is_led_to_the_right_option():
    with pytest.raises(ClickException, match="--public-url takes a URL"):
        check_address("127.0.0.1", "https://idp.test", None)


@pytest.mark.parametrize(
    "url", ["https://idp.test", "http://localhost:9000", "https://idp.test/mocks/", "http://[::1]:9"]
)
def test_a_public_url_is_consent_to_be_reached(url):
    check_address("0.0.0.0", None, url)


@pytest.mark.parametrize(
    "url",
    ["idp.test", "ftp://x", "http://", "http://x?a=1", "http://x#a", "http://a:b@x", "http://x:99999", "http://x y"],
)
def test_what_is_no_public_url_is_refused(url):
    with pytest.raises(ClickException, match="--public-url takes a URL such as"):
        check_address("127.0.0.1", None, url)


def test_a_name_and_a_public_url_exclude_each_other():
    with pytest.raises(ClickException, match="leave one of them out"):
        check_address("127.0.0.1", "idp.test", "https://idp.test")


def test_the_certificate_is_for_every_name_that_reaches_the_server():
    assert certificate_names("0.0.0.0", None, "https://idp.test:9/x") == ["localhost", "127.0.0.1", "::1", "idp.test"]
    assert certificate_names("192.0.2.1", "mocks", None)[3:] == ["mocks", "192.0.2.1"]


def test_behind_a_public_url_answers_name_it_and_the_control_api_is_reached_by_both():
    environment = Environment(specs=[SPEC])
    with serving(environment, public_url="https://idp.test/mocks/"):
        local = environment.local_url
        target = environment.target("fake")
        assert target.base_url == "https://idp.test/mocks/fake"
        assert environment.control_url() == "https://idp.test/mocks/_control"
        headers = {"Authorization": f"Bearer {environment.control_token}"}
        for host, status in ((None, 200), ("idp.test", 200), ("evil.test", 421)):
            named = {**headers, "Host": host} if host else headers
            assert requests.get(f"{local}/_control/targets", headers=named).status_code == status


@pytest.mark.parametrize("token", ["short", "with a blank", "line\nbreak", "ümlaut-token", 'quote"quote'])
def test_a_token_that_cannot_stand_in_a_header_or_be_redacted_is_refused(token):
    with pytest.raises(ClickException, match="--token takes at least 8 letters"):
        check_token("--token", token)


def test_fixed_tokens_are_taken_as_they_are():
    check_token("--token", "abc.DEF-123_~+/=")
    environment = Environment(specs=[SPEC], token="target-token", control_token="control-token")
    assert environment.secrets() == ("control-token", "target-token")


def test_tokens_come_from_a_seed_only_if_that_is_asked_for():
    def made(**options):
        return Environment(specs=[SPEC], **options).secrets()

    assert made(seed=7, seeded_tokens=True) == made(seed=7, seeded_tokens=True)
    assert made(seed=7, seeded_tokens=True) != made(seed=8, seeded_tokens=True)
    assert made(seed=7) != made(seed=7)
    assert len(set(made(seed=7, seeded_tokens=True))) == 2
