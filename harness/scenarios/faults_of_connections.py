"""What a correct client makes of limits, outages, refused credentials, silence and resets, one fault at a time."""

from __future__ import annotations

from provcheck.harness.model import Account, After, ArmFaults, ClearFaults, Given, HoldsBack, Requests, StopsWhenRefused
from provcheck.harness.scenarios.people import FIVE, source
from provcheck.harness.scenarios.phrases import change, counters, of_fault, strikes, sync

_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_RENAMED = change("cem", family_name="Demir")
_CHANGED = Account("cem", holds={"familyName": "Demir"})
_ONE_CREATE = Requests("user.create", "cem", at_least=1, at_most=1)
_FIVE_SYNCED = After(users=counters(5, 5), wire=_ALL_THERE)
_MADE_ONCE = After(users=counters(5, 5), wire=(_ONE_CREATE, *_ALL_THERE))

SCENARIOS = (
    of_fault(
        "rate.429_seconds",
        "A limit that says how long to wait",
        "The whole connection holds back as long as asked, whatever the request was about.",
        Given(source(), faults=(strikes("rate.429_seconds", "*", skip=3, times=1),)),
        [sync(), After(users=counters(5, 5), wire=(HoldsBack(2), *_ALL_THERE))],
        [],
    ),
    of_fault(
        "rate.429_no_header",
        "A limit that says nothing",
        "A limit without a time is waited out with growing pauses; it is no conflict, and nothing is done yet.",
        Given(source(), faults=(strikes("rate.429_no_header", "user.create", skip=1, times=2),)),
        [sync(), _FIVE_SYNCED],
        [],
    ),
    of_fault(
        "rate.retry_after_date",
        "A limit that names a date",
        "A Retry-After that is a date is obeyed like one in seconds.",
        Given(source(), faults=(strikes("rate.retry_after_date", "*", skip=3, times=1),)),
        [sync(), After(users=counters(5, 5), wire=(HoldsBack(2), *_ALL_THERE))],
        [],
    ),
    of_fault(
        "server.5xx_burst",
        "Three server errors in a row",
        "A burst of server errors is waited out and leaves no trace.",
        Given(source(), faults=(strikes("server.5xx_burst", "user.*", skip=2, times=3),)),
        [sync(), _FIVE_SYNCED],
        [],
    ),
    of_fault(
        "error.transient_as_4xx_or_500",
        "A limit that is told as a server error",
        "A limit is known by the words of the body as well as by the status.",
        Given(source(), faults=(strikes("error.transient_as_4xx_or_500", "user.create", "cem", times=2),)),
        [sync(), _FIVE_SYNCED],
        [],
    ),
    of_fault(
        "error.transient_as_4xx_or_500",
        "A limit that is told as forbidden",
        "A 403 that speaks of a quota is a limit, and no refusal.",
        Given(source(), faults=(strikes("error.transient_as_4xx_or_500", "user.create", "cem", times=2, status=403),)),
        [sync(), _FIVE_SYNCED],
        [],
        variant="as-403",
    ),
    of_fault(
        "auth.token_expired_midrun",
        "The credentials end in the middle of a run",
        "A client whose credentials are refused ends its run: no further user is tried, and what was done is kept.",
        Given(
            source(),
            faults=(strikes("auth.token_expired_midrun", "user.create", outcome="stops", skip=2),),
        ),
        [
            sync(),
            After(wire=(StopsWhenRefused(),)),
            ClearFaults(),
            sync(),
            After(users=counters(5, 5), wire=_ALL_THERE),
        ],
        [],
    ),
    of_fault(
        "http.hang",
        "The target makes the change, and says nothing for a minute",
        "A write that was never answered is looked up before it is sent again.",
        Given(source(), faults=(strikes("http.hang", "user.create", "cem", times=1),)),
        [sync(), _MADE_ONCE],
        [],
    ),
    of_fault(
        "conn.reset",
        "The connection is reset after the change",
        "A write whose connection was reset is looked up before it is sent again.",
        Given(source(), faults=(strikes("conn.reset", "user.create", "cem", times=1),)),
        [
            sync(),
            _MADE_ONCE,
            ArmFaults((strikes("conn.reset", "user.update", "cem", times=1),)),
            sync(_RENAMED),
            After(users=counters(5, 5), wire=(_CHANGED,)),
        ],
        ["update", "finds_at_once"],
    ),
    of_fault(
        "conn.reset",
        "The connection is reset before the change",
        "A write that did not arrive is sent again once a look-up has shown that nothing is there.",
        Given(source(), faults=(strikes("conn.reset", "user.create", "cem", times=1, moment="before"),)),
        [sync(), _FIVE_SYNCED],
        [],
        variant="before-the-change",
    ),
    of_fault(
        "conn.reset_midway",
        "The connection is reset in the middle of an answer",
        "An answer that breaks off is asked for again when it was only read, and looked up when it was a write.",
        Given(
            source(),
            faults=(
                strikes("conn.reset_midway", "user.list", "ben", times=1),
                strikes("conn.reset_midway", "user.create", "cem", times=1),
            ),
        ),
        [sync(), _MADE_ONCE],
        ["finds_at_once"],
    ),
    of_fault(
        "conn.dribble",
        "An answer that takes its time",
        "A body that comes slowly is waited for.",
        Given(source(), faults=(strikes("conn.dribble", "user.create", "cem", times=1),)),
        [sync(), _MADE_ONCE],
        [],
    ),
    of_fault(
        "concurrency.limit",
        "The target answers few requests at a time",
        "A client that is limited by the number of its parallel requests sends fewer at a time, and loses nothing.",
        Given(source(), faults=(strikes("concurrency.limit", "*", parallel_above=4),)),
        [sync(), _FIVE_SYNCED],
        [],
    ),
)
