"""Accounts that exist before the client comes: found, linked, and never doubled."""

from __future__ import annotations

from provcheck.harness.model import Account, After, FaultSpec, Given, GroupAtTarget, Resync
from provcheck.harness.scenarios.people import FIVE, account, remote_group, source, team
from provcheck.harness.scenarios.phrases import (
    EXAMPLES,
    OFF,
    STATUS_PAGE,
    TARGET_DENIES,
    change,
    counters,
    derived,
    never,
    no_writes,
    ruling,
    sync,
)

_EXISTS = ruling(STATUS_PAGE, "an account that exists and differs, but may not be updated, was never fully synced")
_GROUPS = tuple(name.capitalize() for name in FIVE)
_EQUAL = (account("ada"), account("ben"))
_DIFFERENT = (account("ada"), account("ben", familyName="Ngugi"))

SCENARIOS = (
    derived(
        "existing-account-equal",
        "Accounts exist and are equal",
        "An account that is there already and equals the source is a Success without a write.",
        ruling(STATUS_PAGE, "fully synced is what the target holds, whoever wrote it"),
        Given(source(("ada", "ben")), accounts=_EQUAL),
        [sync(), After(users=counters(2, 2), wire=(no_writes(), Account("ada"), Account("ben")))],
    ),
    derived(
        "existing-account-different-update-off",
        "An account exists and differs, updating not allowed",
        "An account that differs and may not be updated is Partially Synced and no Success.",
        _EXISTS,
        Given(
            source(("ada", "ben")),
            connection=OFF["update"],
            flags=TARGET_DENIES["update"],
            accounts=_DIFFERENT,
        ),
        [
            sync(),
            After(
                users=counters(2, 1, partially_synced=1),
                wire=(no_writes(), Account("ben", holds={"familyName": "Ngugi"})),
            ),
            Resync(),
            After(users=counters(2, 1, partially_synced=1), wire=(no_writes(),)),
        ],
    ),
    derived(
        "existing-account-different-update-on",
        "An account exists and differs, updating allowed",
        "An account that differs is linked and updated, and is a Success.",
        ruling(STATUS_PAGE, "a match links the two records, and the source's values are written to the account"),
        Given(source(("ada", "ben")), accounts=_DIFFERENT),
        [
            sync(),
            After(
                users=counters(2, 2),
                wire=(never("user.create"), Account("ben", holds={"familyName": "Okri"})),
            ),
        ],
        needs=["update"],
    ),
    derived(
        "existing-account-all-switches-off",
        "Nothing is allowed: present, different and absent accounts",
        "With every switch off each user is counted by what the target holds, and nothing is written.",
        _EXISTS,
        Given(
            source(("ada", "ben", "cem")),
            connection={**OFF["create"], **OFF["update"], **OFF["disable"], **OFF["deprovision"]},
            flags={**TARGET_DENIES["create"], **TARGET_DENIES["update"], **TARGET_DENIES["disable"]},
            accounts=_DIFFERENT,
        ),
        [sync(), After(users=counters(3, 1, unsynced=1, partially_synced=1), wire=(no_writes(),))],
    ),
    derived(
        "conflict-is-looked-up-and-linked",
        "Create answered with a conflict",
        "A create that is answered with 409 although the account is there is looked up and linked, not repeated.",
        ruling(EXAMPLES, "an error that was made good leaves no trace in the counters"),
        Given(source(("ada", "ben")), faults=(FaultSpec("user.create", "ben", moment="after", status=409),)),
        [sync(), After(users=counters(2, 2), wire=(Account("ben", active=True),))],
        needs=["create", "faults", "finds_at_once"],
    ),
    derived(
        "conflict-that-cannot-be-linked",
        "Create answered with a conflict, nobody to link",
        "A conflict with an account that does not match by the unique identifier is Failed, never Unsynced.",
        ruling(STATUS_PAGE, "not synced due to an error"),
        Given(
            source(("ada", "ben")),
            connection={"unique_user_identifier": "workEmail", "user_filter": 'emails.value Eq "%s"'},
            accounts=(account("ben", email="someone.else@example.com", externalId="another"),),
        ),
        [
            sync(),
            After(
                users=counters(2, 1, failed=1),
                wire=(Account("ben", holds={"email": "someone.else@example.com"}), never("user.update")),
            ),
        ],
        needs=["create", "match_by_email"],
    ),
    derived(
        "matched-by-email",
        "The account has another user name and the same e-mail address",
        "An account is found by the unique identifier of the connection, and by nothing else, and then updated.",
        ruling(STATUS_PAGE, "the connection says by what an account is known"),
        Given(
            source(("ada", "ben")),
            connection={"unique_user_identifier": "workEmail", "user_filter": 'emails.value Eq "%s"'},
            accounts=(account("ada", userName="lovelace"),),
        ),
        [
            sync(),
            After(
                users=counters(2, 2),
                wire=(never("user.create", "ada"), Account("ada", active=True), Account("lovelace", count=0)),
            ),
        ],
        needs=["create", "update", "rename_user", "match_by_email"],
    ),
    derived(
        "two-accounts-match",
        "Two accounts match one user",
        "A user whom two accounts match is Failed: neither of them is changed, and no third one is made.",
        ruling(STATUS_PAGE, "an ambiguous match is an error; linking the first hit may give away somebody's account"),
        Given(
            source(("ada", "ben")),
            connection={"unique_user_identifier": "workEmail", "user_filter": 'emails.value Eq "%s"'},
            accounts=(
                account("ada", userName="lovelace", externalId="x-1", familyName="Lovelace"),
                account("ada", userName="countess", externalId="x-2", familyName="King"),
            ),
        ),
        [
            sync(),
            After(
                users=counters(2, 1, failed=1),
                wire=(
                    Account("lovelace", holds={"familyName": "Lovelace"}),
                    Account("countess", holds={"familyName": "King"}),
                    Account("ada", count=0),
                    Account("ben", active=True),
                ),
            ),
        ],
        needs=["create", "match_by_email"],
    ),
    derived(
        "existing-account-in-other-case",
        "An account exists in capital letters",
        "User names that differ in case alone are one name: the account is linked, and no other is made.",
        ruling("RFC 7643, section 4.1.1", "userName is compared without regard to case, as servers compare it"),
        Given(source(("ada", "ben")), accounts=(account("ada", userName="ADA"),)),
        [
            sync(),
            After(users=counters(2, 2), wire=(never("user.create", "ada"), Account("ada"))),
            Resync(),
            After(users=counters(2, 2), wire=(never("user.create"), Account("ada"))),
        ],
        needs=["create", "update"],
    ),
    derived(
        "listing-in-short-pages",
        "The target knows no filters and shows three accounts a page",
        "Where look-ups by filter are refused, all pages of the listing are read before anybody is taken to be absent.",
        ruling("RFC 7644, section 3.4.2.4", "a page may hold fewer resources than were asked for"),
        Given(
            source(),
            flags={"supports_filter": False, "max_page_size": 3},
            accounts=tuple(account(name) for name in FIVE),
        ),
        [sync(), After(users=counters(5, 5), wire=(never("user.create"), *(Account(name) for name in FIVE)))],
        needs=["no_filters", "index_paging"],
    ),
    derived(
        "groups-in-short-pages",
        "The target knows no filters and shows three groups a page",
        "Where look-ups by filter are refused, all pages of the groups are read before one is taken to be absent.",
        ruling("RFC 7644, section 3.4.2.4", "a page may hold fewer resources than were asked for"),
        Given(
            source(("ada",), *(team(name, "ada") for name in _GROUPS)),
            flags={"supports_filter": False, "max_page_size": 3},
            groups=tuple(remote_group(name) for name in _GROUPS),
        ),
        [
            sync(),
            After(
                users=counters(1, 1),
                groups=counters(5, 5),
                wire=tuple(GroupAtTarget(name, exactly=("ada",)) for name in _GROUPS),
            ),
        ],
        needs=["create", "groups", "memberships", "no_filters", "index_paging"],
    ),
    derived(
        "rename-keeps-the-account",
        "A user is renamed",
        "A renamed user keeps the account: it is updated, and no second one appears.",
        ruling(EXAMPLES, "a link is kept by id; a rename is an update of one user"),
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            sync(change("eve", user_name="evelyn")),
            After(
                users=counters(5, 5),
                wire=(never("user.create"), Account("evelyn"), Account("eve", count=0)),
            ),
        ],
        needs=["create", "update", "rename_user"],
    ),
    derived(
        "second-resync-writes-nothing",
        "Full Resync twice, nothing changed",
        "A Full Resync of what is in sync sends no write and repeats the summary.",
        ruling("pingone, Viewing sync status, Full Resync", "what is in sync is left alone"),
        Given(source()),
        [
            sync(),
            After(users=counters(5, 5)),
            Resync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
            Resync(),
            After(users=counters(5, 5), wire=(no_writes(), *(Account(name) for name in FIVE))),
        ],
        needs=["create"],
    ),
)
