"""Who is who: names that pass from one person to another, and accounts that are somebody else's already.

A link is between a person and an account, each by its id. What somebody is called today may be what another was called
yesterday. Where one run has to deal with both, a client may leave one of them Failed until the next run, as it does not
know beforehand in which order names become free.
"""

from __future__ import annotations

from provcheck.harness.model import (
    Account,
    After,
    Given,
    GroupAtTarget,
    Join,
    PutUser,
    RemoveUser,
    Resync,
)
from provcheck.harness.model.edits import Edit
from provcheck.harness.model.external_change import ChangeAccount
from provcheck.harness.scenarios.people import group_id, person, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    RESYNC_PAGE,
    STATUS_PAGE,
    change,
    counters,
    derived,
    never,
    no_writes,
    out_of_band,
    ruling,
    sync,
)

_PERSON = ruling(STATUS_PAGE, "a name is not a person: a link is kept by ids, whatever anybody is called")
_TAKEN = ruling(STATUS_PAGE, "an account that is linked to one user is never linked to, or changed for, another one")
_RESYNC = ruling(RESYNC_PAGE, "a Full Resync brings everybody in line once the names are free")

_HEIR = person("fay", user_name="eve", email="eve@example.com", family_name="Heir")
"""Somebody else who is called what Eve was called."""
_HEIRS_ACCOUNT = Account("eve", active=True, holds={"familyName": "Heir", "givenName": "Fay"})
_ONE_WAITS = frozenset({2, 3})
_MAY_WAIT = {"failed": frozenset({0, 1})}
_NOTE = "one of them may be Failed until the next run, as it depends on the order in which names become free"
_BY_EMAIL = {"unique_user_identifier": "workEmail", "user_filter": 'emails.value Eq "%s"'}


def _called(name: str, **changes: str) -> Edit:
    """The person of this name is called otherwise, with the e-mail address that goes with it."""
    new = changes["user_name"]
    return change(name, email=f"{new}@example.com", **changes)


SCENARIOS = (
    derived(
        "name-passes-to-a-newcomer-in-one-run",
        "A leaver's name passes to a newcomer in the same run",
        "Who gets the name of a leaver in the same run has an account that is on and like the source in the end.",
        _PERSON,
        Given(source(("ada", "ben", "eve"))),
        [
            sync(),
            After(users=counters(3, 3)),
            sync(RemoveUser(user_id("eve")), PutUser(_HEIR)),
            After(users=counters(3, _ONE_WAITS, **_MAY_WAIT), wire=(Account("eve"),), note=_NOTE),
            Resync(),
            After(users=counters(3, 3), wire=(_HEIRS_ACCOUNT,)),
            Resync(),
            After(users=counters(3, 3), wire=(no_writes(),)),
        ],
        needs=["create", "update", "disable", "finds_disabled"],
    ),
    derived(
        "name-passes-to-a-newcomer-in-one-run-deleting",
        "A deleted leaver's name passes to a newcomer in the same run",
        "Where leavers are deleted, who gets the name of one in the same run has an account in the end.",
        _PERSON,
        Given(source(("ada", "ben", "eve")), connection={"remove_action": "Delete"}),
        [
            sync(),
            After(users=counters(3, 3)),
            sync(RemoveUser(user_id("eve")), PutUser(_HEIR)),
            After(users=counters(3, _ONE_WAITS, **_MAY_WAIT), note=_NOTE),
            Resync(),
            After(users=counters(3, 3), wire=(_HEIRS_ACCOUNT,)),
            Resync(),
            After(users=counters(3, 3), wire=(no_writes(),)),
        ],
        needs=["create", "update", "delete"],
    ),
    derived(
        "name-passes-to-a-newcomer-later",
        "A leaver's name passes to a newcomer some runs later",
        "Who gets the name of somebody who left earlier has the one account of the name, with values of their own.",
        _PERSON,
        Given(source(("ada", "ben", "eve"))),
        [
            sync(),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(2, 2), wire=(Account("eve", active=False),)),
            sync(PutUser(_HEIR)),
            After(users=counters(3, 3), wire=(_HEIRS_ACCOUNT,)),
            Resync(),
            After(users=counters(3, 3), wire=(_HEIRS_ACCOUNT, no_writes())),
        ],
        needs=["create", "update", "disable", "finds_disabled"],
    ),
    derived(
        "name-passes-to-a-newcomer-later-deleting",
        "A deleted leaver's name passes to a newcomer some runs later",
        "Who gets the name of somebody whose account was deleted has a new account.",
        _PERSON,
        Given(source(("ada", "ben", "eve")), connection={"remove_action": "Delete"}),
        [
            sync(),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(2, 2), wire=(Account("eve", count=0),)),
            sync(PutUser(_HEIR)),
            After(users=counters(3, 3), wire=(_HEIRS_ACCOUNT,)),
        ],
        needs=["create", "update", "delete"],
    ),
    derived(
        "name-passes-on-over-several-runs",
        "A name passes from one user to another, and back, over several runs",
        "Each user keeps the account of the first run, whatever the accounts are called since.",
        _PERSON,
        Given(source(("ada", "ben", "cem"))),
        [
            sync(),
            After(users=counters(3, 3)),
            sync(_called("ada", user_name="augusta")),
            After(users=counters(3, 3), wire=(Account("augusta", holds={"familyName": "Byron"}),)),
            sync(_called("ben", user_name="ada")),
            After(
                users=counters(3, 3),
                wire=(never("user.create"), Account("ada", holds={"familyName": "Okri"}), Account("ben", count=0)),
            ),
            sync(_called("cem", user_name="ben")),
            After(
                users=counters(3, 3),
                wire=(never("user.create"), Account("ben", holds={"familyName": "Kaya"}), Account("cem", count=0)),
            ),
            sync(change("ada", family_name="King"), change("ben", family_name="Ngugi")),
            After(
                users=counters(3, 3),
                wire=(
                    Account("augusta", holds={"familyName": "King"}),
                    Account("ada", holds={"familyName": "Ngugi"}),
                    Account("ben", holds={"familyName": "Kaya"}),
                ),
            ),
            Resync(),
            After(users=counters(3, 3), wire=(no_writes(),)),
        ],
        needs=["frees_names", "create", "update", "rename_user"],
    ),
    *(
        derived(
            f"name-passes-on-in-one-run{suffix}",
            f"A name passes from one user to another in one run, {order}",
            "Where one run renames a user, and another one to the freed name, each keeps the own account.",
            _PERSON,
            Given(source(("ada", "ben", "cem"))),
            [
                sync(),
                After(users=counters(3, 3)),
                sync(_called(first, user_name=first + "x"), _called(second, user_name=first)),
                After(
                    users=counters(3, _ONE_WAITS, **_MAY_WAIT),
                    wire=(never("user.create"), Account(f"{first}x", holds={"familyName": family})),
                    note=_NOTE,
                ),
                Resync(),
                After(
                    users=counters(3, 3),
                    wire=(
                        never("user.create"),
                        Account(f"{first}x", holds={"familyName": family}),
                        Account(first, holds={"familyName": heir}),
                        Account(second, count=0),
                    ),
                ),
            ],
            needs=["frees_names", "create", "update", "rename_user"],
        )
        for suffix, order, first, second, family, heir in (
            ("", "the first one first", "ada", "ben", "Byron", "Okri"),
            ("-the-other-way", "the last one first", "cem", "ben", "Kaya", "Okri"),
        )
    ),
    derived(
        "renamed-to-the-name-of-a-leaver",
        "A user is renamed to the name of somebody who has left",
        "A name that the account of a leaver has is taken: the user is Failed, and both accounts stay what they were.",
        _TAKEN,
        Given(source(("ada", "ben", "eve"))),
        [
            sync(),
            sync(RemoveUser(user_id("eve"))),
            After(users=counters(2, 2), wire=(Account("eve", active=False),)),
            sync(change("ben", user_name="eve")),
            After(
                users=counters(2, 1, failed=1),
                wire=(
                    never("user.create"),
                    Account("eve", active=False, holds={"familyName": "Lund"}),
                    Account("ben", active=True, holds={"email": "ben@example.com"}),
                ),
            ),
        ],
        needs=["create", "update", "disable", "rename_user"],
    ),
    derived(
        "account-is-linked-to-another-user",
        "A newcomer matches the account of another user",
        "An account that is linked to one user is not given to a second one who matches it.",
        _TAKEN,
        Given(source(("ada", "ben")), connection=_BY_EMAIL),
        [
            sync(),
            After(users=counters(2, 2)),
            sync(PutUser(person("fay", email="ada@example.com"))),
            After(
                users=counters(3, _ONE_WAITS, **_MAY_WAIT),
                wire=(
                    Account("ada", active=True, holds={"familyName": "Byron", "givenName": "Ada"}),
                    never("user.update"),
                    never("user.disable"),
                ),
                note="the newcomer is Failed, or has an account of the own",
            ),
            sync(change("ada", family_name="King")),
            After(wire=(Account("ada", active=True, holds={"familyName": "King", "givenName": "Ada"}),)),
        ],
        needs=["create", "update", "match_by_email"],
    ),
    derived(
        "account-was-renamed-to-a-newcomers-name",
        "An account is renamed at the target to what a newcomer is called",
        "The account of one user is not given to another, because somebody renamed it at the target.",
        _TAKEN,
        Given(source(("ada", "ben"))),
        [
            sync(),
            After(users=counters(2, 2)),
            out_of_band(ChangeAccount("ada", {"userName": "cem"})),
            sync(PutUser(person("cem"))),
            After(wire=(Account("cem", active=True, holds={"familyName": "Byron", "email": "ada@example.com"}),)),
            sync(RemoveUser(user_id("cem"))),  # else it depends on the order of users what a Full Resync can do for Cem
            Resync(),
            After(users=counters(2, 2), wire=(Account("ada", active=True), Account("cem", count=0))),
            sync(PutUser(person("cem"))),
            After(
                users=counters(3, 3),
                wire=(
                    Account("ada", active=True, holds={"familyName": "Byron"}),
                    Account("cem", active=True, holds={"familyName": "Kaya"}),
                ),
            ),
        ],
        needs=["frees_names", "create", "update", "rename_user"],
    ),
    derived(
        "memberships-do-not-pass-on-with-a-name",
        "A member of a group leaves, and a newcomer gets the name",
        "A membership is a person's: who gets the name of a member who left is in no group for that.",
        _PERSON,
        Given(source(("ada", "eve"), team("Red", "ada", "eve"), team("Blue", "ada"))),
        [
            sync(),
            After(groups=counters(2, 2), wire=(GroupAtTarget("Red", exactly=("ada", "eve")),)),
            sync(RemoveUser(user_id("eve"))),
            sync(PutUser(_HEIR), Join(group_id("Blue"), _HEIR.id)),
            After(
                users=counters(2, 2),
                groups=counters(2, 2),
                wire=(GroupAtTarget("Red", exactly=("ada",)), GroupAtTarget("Blue", exactly=("ada", "eve"))),
            ),
        ],
        needs=["create", "update", "disable", "groups", "memberships", "finds_disabled", "shows_disabled_members"],
    ),
)
"""In the order in which they are listed."""
