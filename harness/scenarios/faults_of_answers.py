"""What a correct client makes of answers that say in a way of their own what was done, one fault at a time."""

from __future__ import annotations

from provcheck.harness.model import Account, After, ArmFaults, Given, GroupAtTarget, Requests, Restart, Resync
from provcheck.harness.model.edits import Leave
from provcheck.harness.scenarios.people import FIVE, group_id, source, team, user_id
from provcheck.harness.scenarios.phrases import change, counters, never, no_writes, of_fault, strikes, sync

_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_RENAMED = change("cem", family_name="Demir")
_CHANGED = Account("cem", holds={"familyName": "Demir"})
_ONE_CREATE = Requests("user.create", "cem", at_least=1, at_most=1)
_RED = team("Red", *FIVE)
_GROUPS = ("groups", "memberships", "group_memberships")

SCENARIOS = (
    of_fault(
        "name.case_changed",
        "The target gives names back in another case",
        "A name in another case is the same name: it is written once, and found again.",
        Given(source(), faults=(strikes("name.case_changed", "user.*", rewrites={"userName": "upper"}),)),
        [
            sync(),
            After(users=counters(5, 5), wire=(_ONE_CREATE, never("user.update"))),
            Resync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
        ],
        [],
    ),
    of_fault(
        "attr.normalised",
        "The target gives values back in a form of its own",
        "A value in the target's own form is not written again and again.",
        Given(source(), faults=(strikes("attr.normalised", "user.*"),)),
        [
            sync(),
            sync(_RENAMED),
            After(users=counters(5, 5), wire=(_CHANGED,)),
            Resync(),
            After(),
            Resync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
        ],
        ["update", "echo"],
    ),
    of_fault(
        "attr.normalised",
        "The target gives values back in a form of its own, and the client is restarted",
        "The form that a target gives to a value is known after a restart, and not taken for a change.",
        Given(source(), faults=(strikes("attr.normalised", "user.*"),)),
        [
            sync(),
            sync(_RENAMED),
            Resync(),
            After(),
            Restart(),
            Resync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
        ],
        ["update", "echo"],
        variant="over-a-restart",
    ),
    of_fault(
        "patch.204_or_200",
        "PATCH is answered without a body",
        "An empty answer to a change is a good answer.",
        Given(source(FIVE, _RED), faults=(strikes("patch.204_or_200", "*"),)),
        [
            sync(),
            After(users=counters(5, 5), groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=FIVE),)),
            sync(_RENAMED),
            After(users=counters(5, 5), wire=(_CHANGED, Requests("user.update", "cem", at_most=1))),
        ],
        ["update", *_GROUPS],
    ),
    of_fault(
        "response.no_echo",
        "Answers do not repeat what was written",
        "What an answer leaves out is not taken for gone: removals are still made.",
        Given(source(FIVE, _RED), faults=(strikes("response.no_echo", "*.[!gl]*"),)),
        [
            sync(),
            After(users=counters(5, 5), groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=FIVE),)),
            sync(_RENAMED, Leave(group_id("Red"), user_id("eve"))),
            After(
                users=counters(5, 5),
                groups=counters(1, 1),
                wire=(_CHANGED, GroupAtTarget("Red", exactly=("ada", "ben", "cem", "dan"))),
            ),
        ],
        ["update", *_GROUPS],
    ),
    of_fault(
        "body.truncated_json",
        "The answer to a create breaks off",
        "The status says that it was made; the id is found by a look-up, and nothing is made twice.",
        Given(source(), faults=(strikes("body.truncated_json", "user.create", "cem", times=1),)),
        [
            sync(),
            After(users=counters(5, 5), wire=(_ONE_CREATE, *_ALL_THERE)),
            sync(_RENAMED),
            After(users=counters(5, 5), wire=(_CHANGED,)),
        ],
        ["update", "finds_at_once"],
    ),
    of_fault(
        "body.missing_id",
        "A create is answered without an id",
        "An answer without an id is completed by a look-up.",
        Given(source(FIVE, _RED), faults=(strikes("body.missing_id", "*.create"),)),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=(_ONE_CREATE, *_ALL_THERE))],
        (*_GROUPS, "finds_at_once"),
    ),
    of_fault(
        "header.content_type",
        "Every answer is labelled as plain text",
        "A client goes by the body, not by its label.",
        Given(source(FIVE, _RED), faults=(strikes("header.content_type", "*"),)),
        [sync(), After(users=counters(5, 5), groups=counters(1, 1), wire=_ALL_THERE)],
        _GROUPS,
    ),
    of_fault(
        "header.content_type_refused",
        "The target does not take application/scim+json",
        "A body whose type is refused is sent once more as application/json.",
        Given(source(), faults=(strikes("header.content_type_refused", "*"),)),
        [sync(), After(users=counters(5, 5), wire=_ALL_THERE)],
        [],
    ),
    of_fault(
        "header.location_wrong",
        "The Location points elsewhere",
        "What was created is addressed by its id, at the target that the connection names.",
        Given(source(), faults=(strikes("header.location_wrong", "*.create"),)),
        [
            sync(),
            After(users=counters(5, 5), wire=_ALL_THERE),
            sync(_RENAMED),
            After(users=counters(5, 5), wire=(_CHANGED,)),
        ],
        ["update"],
    ),
    of_fault(
        "http.502_html",
        "A gateway answers with a page of HTML",
        "A page of HTML is an error like another: it is tried again, and leaves no trace.",
        Given(source(), faults=(strikes("http.502_html", "user.create", "cem", times=1),)),
        [sync(), After(users=counters(5, 5), wire=_ALL_THERE)],
        [],
    ),
    of_fault(
        "http.502_html",
        "A gateway answers with a page of HTML, and the change was made",
        "After a gateway's error it is unknown whether the change was made: a look-up settles it.",
        Given(source(), faults=(strikes("http.502_html", "user.create", "cem", times=1, moment="after"),)),
        [
            sync(),
            After(users=counters(5, 5), wire=(_ONE_CREATE, *_ALL_THERE)),
            ArmFaults((strikes("http.502_html", "user.update", "cem", times=1, moment="after"),)),
            sync(_RENAMED),
            After(users=counters(5, 5), wire=(_CHANGED,)),
        ],
        ["update", "finds_at_once"],
        variant="after-the-change",
    ),
)
