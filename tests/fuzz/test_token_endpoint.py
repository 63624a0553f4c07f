"""Whatever form is sent to a token endpoint is answered as RFC 6749 has it: a token, or an error that issues none."""

from __future__ import annotations

from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.oauth.dialect import OAuthDialect
from provcheck.mock_targets.testing import session
from tests.fuzz.examples import UNHURRIED, fuzzed

pytestmark = UNHURRIED
ENVIRONMENT = Environment(["scim"], clock=VirtualClock(), seed=1, seeded_tokens=True)
TARGET = ENVIRONMENT.target("scim")
CLIENT = session(ENVIRONMENT)
FORM = "application/x-www-form-urlencoded"
NAMES = (
    *("grant_type", "client_id", "client_secret", "scope", "assertion", "refresh_token", "username", "password"),
    *("device_code", "token", "x"),
)
KNOWN = (
    *(grant.name for grant in OAuthDialect.grants),
    *(TARGET.tokens.client_id, TARGET.tokens.client_secret, TARGET.tokens.refresh_token, TARGET.token),
    *("e30.e30.e30", "eyJhbGciOiJIUzI1NiJ9.e30.AA", "a b", ""),
)
values = st.one_of(st.sampled_from(KNOWN), st.text(max_size=40))
forms = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=6).map(
    lambda pairs: urlencode(pairs, errors="surrogatepass").encode()
)
bodies = st.one_of(forms, st.binary(max_size=60))
headers = st.one_of(
    st.none(), st.sampled_from(("Basic", "Basic Og==", "Basic %%%", "Bearer x", f"Bearer {TARGET.token}"))
)
paths = st.sampled_from(("/token", "/revoke", "/device_authorization"))


@fuzzed(150)
@given(path=paths, body=bodies, authorization=headers, media_type=st.sampled_from((FORM, FORM, FORM, "text/plain", "")))
def test_every_form_is_answered_with_a_token_or_an_error(path, body, authorization, media_type):
    url = f"{TARGET.base_url}/oauth2{path}"
    before = len(TARGET.tokens.describe())
    given_headers = {"Authorization": authorization, "Content-Type": media_type}
    answer = CLIENT.post(url, data=body, headers={name: value for name, value in given_headers.items() if value})
    exchange = TARGET.journal.since()[-1]
    assert exchange.error is None
    if answer.status_code == 200:
        return
    assert answer.status_code in (400, 401)
    assert set(answer.json()) == {"error", "error_description"}
    assert len(TARGET.tokens.describe()) == before
    assert TARGET.tokens.client_secret.encode() not in exchange.request_body + exchange.response_body
