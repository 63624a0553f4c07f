"""The journal: both truths of every exchange, bounded, without secrets."""

from __future__ import annotations

import json

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.journal.har import as_har
from provcheck.mock_targets.journal.journal import BODY_LIMIT, Journal
from provcheck.mock_targets.memory_budget import MemoryBudget

CANARY = "canary-7f3a"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def journal(clock: VirtualClock) -> Journal:
    return Journal(clock=clock, secrets=[CANARY], limit=3)


def test_the_oldest_exchanges_are_forgotten_first(journal):
    for _ in range(5):
        journal.open("GET", "/")
    assert [exchange.seq for exchange in journal.since()] == [3, 4, 5]
    assert journal.last_seq == 5


def test_only_what_came_after_a_number_is_given(journal):
    for _ in range(3):
        journal.open("GET", "/")
    assert [exchange.seq for exchange in journal.since(2)] == [3]


def test_an_exchange_that_never_ends_is_kept(journal):
    journal.open("GET", "/")
    assert journal.since()[0].status is None


def test_large_bodies_are_cut(journal):
    exchange = journal.open("POST", "/", body=b"x" * (BODY_LIMIT + 10))
    journal.close(exchange, 200, {}, b"y" * (BODY_LIMIT + 10))
    assert len(exchange.request_body) == len(exchange.response_body) == BODY_LIMIT


def test_the_duration_is_that_of_the_clock(journal, clock):
    exchange = journal.open("GET", "/")
    clock.sleep(1.5)
    journal.close(exchange, 200, {}, b"")
    assert exchange.as_dict()["duration_ms"] == 1500


@pytest.mark.parametrize(
    ("writes", "outcomes", "told"),
    [
        (False, [], "none"),
        (True, [], "no"),
        (True, [False], "no"),
        (True, [True], "yes"),
        (True, [True, False], "partly"),
    ],
)
def test_what_was_applied_is_told_apart_from_what_was_asked(journal, writes, outcomes, told):
    exchange = journal.open("PATCH", "/", writes=writes)
    for outcome in outcomes:
        exchange.intend("member.add", kind="Group", id="g", names=["g"]).applied = outcome
    assert exchange.applied == told


def test_clearing_counts_from_one_again(journal):
    journal.open("GET", "/")
    journal.clear()
    assert journal.open("GET", "/").seq == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {CANARY}"},
        {"authorization": "Basic Y2FuYXJ5"},
        {"Cookie": "session=Y2FuYXJ5"},
        {"X-Api-Key": "Y2FuYXJ5"},
        {"X-Note": f"see {CANARY}"},
        {"X-Auth-Token": "Y2FuYXJ5"},
        {"X-Client-Secret": "Y2FuYXJ5"},
        {"Private-Token": "Y2FuYXJ5"},
        {"Api-Key": "Y2FuYXJ5"},
        {"Referer": "http://x/?api_key=Y2FuYXJ5"},
    ],
)
def test_no_credential_in_a_header_is_kept(journal, headers):
    kept = json.dumps(journal.open("GET", "/", headers=headers).as_dict())
    assert CANARY not in kept
    assert "Y2FuYXJ5" not in kept


@pytest.mark.parametrize(
    "query",
    [
        f"a=b&access_token={CANARY}",
        "token=Y2FuYXJ5&x=1",
        "client_secret=Y2FuYXJ5",
        "api_key=Y2FuYXJ5&sig=Y2FuYXJ5&pwd=Y2FuYXJ5",
        "note=canary%2D7f3a",
        "filter=password%20eq%20%22Y2FuYXJ5%22",
        "filter=passw%6Frd+eq+%22Y2FuYXJ5%22",
        "filter=%50ASSWORD+eq+%22Y2FuYXJ5%22",
        "filter=to%E2%84%AAen%20eq%20%22Y2FuYXJ5%22",
        "fi%6Cter=pass%57ord%20sw%20%22Y2FuYXJ5%22",
    ],
)
def test_no_credential_in_a_query_is_kept(journal, query):
    exchange = journal.open("GET", "/", query=query)
    kept = json.dumps([exchange.query, as_har([exchange], "http://x")])
    assert CANARY not in kept
    assert "Y2FuYXJ5" not in kept


@pytest.mark.parametrize("query", ["filter=userName%20eq%20%22ada%40example.com%22", "filter=title+eq+%22%41da%22"])
def test_an_ordinary_filter_is_kept_as_it_is(journal, query):
    assert journal.open("GET", "/", query=query).query == query


@pytest.mark.parametrize(
    "body",
    [
        b'{"password": "Y2FuYXJ5"}',
        b'{"Password":"Y2Fu\\"YXJ5"}',
        b'{"clientSecret" : "Y2FuYXJ5"}',
        b'{"path": "x", "value": {"accessToken": "Y2FuYXJ5"}}',
        f'{{"note": "{CANARY}"}}'.encode(),
        b'{"password": "Y2FuYXJ5',
        b'{"passw\\u006frd": "Y2FuYXJ5',
        b'{"op": "replace", "path": "password", "value": "Y2FuYXJ5"',
        b'{"note": "{\\"client_secret\\": \\"Y2FuYXJ5\\"}", broken',
        b"grant_type=refresh_token&client_secret=Y2FuYXJ5&refresh_token=Y2FuYXJ5&password=Y2FuYXJ5",
        b"pass%77ord=Y2FuYXJ5&x=1",
        b"<user><password>Y2FuYXJ5</password></user>",
        b'<s:Envelope>\n<s:clientSecret a="b">Y2FuYXJ5</s:clientSecret>',
        b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\nY2FuYXJ5\r\n--b--',
        b"Authorization: Bearer Y2FuYXJ5",
        b"{'password': 'Y2FuYXJ5'}",
    ],
)
def test_no_secret_in_a_body_is_kept(journal, body):
    exchange = journal.open("POST", "/", body=body)
    journal.close(exchange, 200, {}, body)
    kept = json.dumps([exchange.as_dict(), as_har([exchange], "http://x")])
    assert CANARY not in kept
    assert "YXJ5" not in kept


def test_ordinary_bodies_are_kept_as_they_are(journal):
    body = b'{"userName": "ada"}'
    assert journal.open("POST", "/", body=body).request_body == body


def test_an_archive_has_what_har_asks_for(journal):
    exchange = journal.open("POST", "/Users/a b", query="x=1&y=%20", body=b"{}", headers={"Content-Type": "a/b"})
    journal.close(exchange, 201, {"Content-Type": "c/d"}, b"{}")
    (entry,) = as_har([exchange], "http://h/t")["log"]["entries"]
    assert entry["request"]["url"] == "http://h/t/Users/a%20b?x=1&y=%20"
    assert entry["request"]["queryString"] == [{"name": "x", "value": "1"}, {"name": "y", "value": " "}]
    assert entry["request"]["postData"] == {"mimeType": "a/b", "text": "{}"}
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (201, "Created")
    assert entry["response"]["content"] == {"size": 2, "mimeType": "c/d", "text": "{}"}


def test_a_lost_answer_has_status_0_in_an_archive(journal):
    exchange = journal.open("POST", "/")
    exchange.answer = "lost"
    journal.close(exchange, None, {}, b"")
    (entry,) = as_har([exchange], "http://h")["log"]["entries"]
    assert (entry["response"]["status"], entry["_provcheck"]["answer"]) == (0, "lost")


def test_the_oldest_exchanges_are_forgotten_when_all_hold_too_many_bytes(clock):
    journal = Journal(clock=clock, budget=MemoryBudget(100_000))
    for _ in range(40):
        exchange = journal.open("GET", "/", query="x" * 5000, headers={"X-Long": "y" * 5000})
        journal.close(exchange, 200, {"X-Long": "z" * 5000}, b"b" * 5000)
        assert journal.bytes_held <= 100_000
    kept = journal.since()
    assert 3 <= len(kept) <= 5
    assert kept[-1].seq == 40
    assert journal.bytes_held == sum(each.measured() for each in kept)
    journal.clear()
    assert journal.bytes_held == 0


def test_an_exchange_that_ends_after_it_was_forgotten_counts_for_nothing(clock):
    journal = Journal(clock=clock, limit=1)
    first = journal.open("GET", "/")
    journal.open("GET", "/")
    held = journal.bytes_held
    journal.close(first, 200, {}, b"b" * 5000)
    assert journal.bytes_held == held


def test_one_exchange_holds_no_more_of_a_query_than_of_a_body(journal):
    assert len(journal.open("GET", "/", query="x" * 900_000).query) == BODY_LIMIT
