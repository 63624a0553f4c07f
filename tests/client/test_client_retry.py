"""Retries: pauses, Retry-After in every form, caps, and what is never sent twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from provcheck.harness.client.outcome import Outcome, Reply
from provcheck.harness.client.retry import Backoff, Caller, RetryPolicy, RunStopped, retry_after
from provcheck.harness.client.transport import Transport
from provcheck.harness.model.clock import VirtualClock
from tests.client.provisioning_rig import HASTY, Script

NOW = datetime(2025, 6, 4, 9, 0, tzinfo=UTC)
SILENCE = requests.exceptions.ConnectionError()


def caller(*entries: Any, policy: RetryPolicy = HASTY) -> tuple[Caller, Script]:
    script = Script(entries)
    clock = VirtualClock()
    script.clock = clock
    return Caller(Transport(script.session(), "https://target.example"), clock, policy), script


@pytest.mark.parametrize(
    "headers, seconds",
    [
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": " 7 "}, 7),
        ({"Retry-After": "0"}, 0),
        ({"Retry-After": "999999"}, 3600),
        ({"Retry-After": "9" * 5000}, 3600),
        ({"Retry-After": "Wed, 04 Jun 2025 09:00:30 GMT"}, 30),
        ({"Retry-After": "Wed, 04 Jun 2025 08:00:00 GMT"}, 0),
        ({"Retry-After": "Wed, 04 Jun 2095 08:00:00 GMT"}, 3600),
        ({"Retry-After": "Wed, 04 Jun 2025 09:00:30 GMT", "Date": "Wed, 04 Jun 2025 09:00:10 GMT"}, 20),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "1.5"}, None),
        ({"Retry-After": "٣"}, None),
        ({"Retry-After": "Wed, 99 Jun 2025 09:00:30 GMT"}, None),
        ({}, None),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW.timestamp()) + 60)}, 60),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": str(int(NOW.timestamp()) + 60)}, None),
    ],
)
def test_retry_after_is_read_in_every_form_and_nonsense_is_ignored(
    headers: dict[str, str], seconds: float | None
) -> None:
    reply = Reply(Outcome.THROTTLED, 429, headers=requests.structures.CaseInsensitiveDict(headers))
    assert retry_after(reply, NOW, 3600) == seconds


def test_pauses_grow_to_a_cap_and_never_shrink() -> None:
    for seed in range(20):
        backoff = Backoff(RetryPolicy(seed=seed))
        pauses = [backoff.next() for _ in range(12)]
        assert pauses == sorted(pauses)
        assert pauses[-1] <= 30


def test_jitter_differs_between_seeds_and_repeats_for_the_same() -> None:
    first = [Backoff(RetryPolicy(seed=seed)).next() for seed in range(10)]
    assert len(set(first)) == 10
    assert first == [Backoff(RetryPolicy(seed=seed)).next() for seed in range(10)]


def test_a_read_is_repeated_until_it_works() -> None:
    calls, script = caller((500, ""), SILENCE, (200, "{}"))
    assert calls.get("/x").ok
    assert len(script.asked) == 3


def test_a_read_is_given_up_after_the_last_try() -> None:
    calls, script = caller(*[(500, "")] * 9)
    assert calls.get("/x").status == 500
    assert len(script.asked) == HASTY.tries


@pytest.mark.parametrize("entry", [SILENCE, (500, ""), (504, ""), requests.exceptions.ReadTimeout()])
def test_a_create_with_an_unknown_outcome_is_handed_back_and_not_repeated(entry: Any) -> None:
    calls, script = caller(entry)
    assert calls.once("POST", "/x", {}).outcome is Outcome.UNKNOWN
    assert len(script.asked) == 1


@pytest.mark.parametrize("entry", [(429, "{}"), requests.exceptions.ConnectTimeout()])
def test_a_create_that_surely_did_not_happen_is_repeated(entry: Any) -> None:
    calls, script = caller(entry, (201, "{}"))
    assert calls.once("POST", "/x", {}).ok
    assert len(script.asked) == 2


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_has_the_same_effect_twice_is_repeated(method: str) -> None:
    calls, script = caller(SILENCE, (500, ""), (204, ""))
    assert calls.again(method, "/x").ok
    assert len(script.asked) == 3


def test_limits_have_more_tries_than_errors() -> None:
    calls, script = caller(*[(429, "{}")] * 9)
    assert calls.get("/x").outcome is Outcome.THROTTLED
    assert len(script.asked) == HASTY.throttled_tries


def test_after_a_limit_the_next_call_waits_too() -> None:
    calls, script = caller(*[(429, "{}", {"Retry-After": "50"})] * 4, (200, "{}"))
    calls.get("/x")
    calls.get("/y")
    gaps = [later - earlier for earlier, later in zip(script.times, script.times[1:])]
    assert all(gap >= 50 for gap in gaps)


def test_a_write_answered_unavailable_with_retry_after_holds_the_look_up() -> None:
    calls, script = caller((503, "", {"Retry-After": "20"}), (200, "{}"))
    calls.once("POST", "/x", {})
    calls.get("/x")
    assert script.times[1] - script.times[0] >= 20


def test_refused_credentials_end_the_run_at_once() -> None:
    calls, script = caller((401, '{"detail": "expired"}'))
    with pytest.raises(RunStopped, match="expired"):
        calls.get("/x")
    assert len(script.asked) == 1


def test_a_certificate_that_is_not_accepted_ends_the_run_at_once() -> None:
    calls, script = caller(requests.exceptions.SSLError())
    with pytest.raises(RunStopped, match="certificate"):
        calls.get("/x")
    assert len(script.asked) == 1


def test_an_address_where_nobody_answers_is_given_up_soon() -> None:
    calls, script = caller(*[requests.exceptions.ConnectTimeout()] * 50)
    calls.get("/x")
    with pytest.raises(RunStopped, match="no usable answer"):
        calls.get("/y")
    assert len(script.asked) == 2 * HASTY.tries


def test_a_target_that_used_to_answer_is_given_more_time() -> None:
    calls, script = caller((200, "{}"), *[(503, "")] * 100)
    calls.get("/x")
    for _ in range(HASTY.dead_after - 1):
        calls.get("/y")
    with pytest.raises(RunStopped):
        calls.get("/y")
    assert len(script.asked) == 1 + HASTY.dead_after * HASTY.tries


def test_one_usable_answer_resets_the_count_of_dead_calls() -> None:
    policy = RetryPolicy(tries=1, dead_after=3)
    calls, script = caller(*[(500, ""), (500, ""), (404, "{}")] * 5, policy=policy)
    for _ in range(15):
        calls.get("/x")
    assert len(script.asked) == 15, "it was never taken for dead"


def test_nothing_is_waited_for_before_the_first_call() -> None:
    calls, script = caller((200, "{}"))
    calls.get("/x")
    assert script.times == [0.0]
