"""Restarts at a target that is not as the client last saw it: versions, lists and cursors are out of date."""

from __future__ import annotations

from provcheck.harness.model import Account, After, Given, GroupAtTarget, Join, PutUser, Restart, Resync
from provcheck.harness.model.external_change import AddMember, ChangeAccount, CreateAccount, DeleteAccount
from provcheck.harness.scenarios.people import FIVE, account, group_id, person, source, team, user_id
from provcheck.harness.scenarios.phrases import change, counters, derived, out_of_band, ruling, sync

_VERSIONS = ruling("RFC 7644, section 3.14", "a version that is out of date is a reason to read again, not a failure")
_CURSORS = ruling("RFC 9865, section 2", "a cursor is of one traversal: a new run reads the list from its beginning")
_NO_FILTERS = {"supports_filter": False, "max_page_size": 2, "default_page_size": 2}

SCENARIOS = (
    derived(
        "restart-with-a-version-out-of-date",
        "The client is restarted after an account has changed at the target",
        "What a client knows of an account from before a restart may be out of date: the change is made all the same, "
        "and nothing else of the account is put back.",
        _VERSIONS,
        Given(source(("ada", "ben"))),
        [
            sync(),
            After(users=counters(2, 2)),
            out_of_band(ChangeAccount("ada", {"title": "Countess"})),
            Restart(),
            sync(change("ada", family_name="King")),
            After(users=counters(2, 2), wire=(Account("ada", holds={"familyName": "King", "title": "Countess"}),)),
        ],
        needs=["create", "update", "several_emails"],  # as whoever keeps those keeps a title, which no rule here maps
    ),
    derived(
        "restart-with-a-group-out-of-date",
        "The client is restarted after a member was added to a group at the target",
        "Who is added to a group by another party stays in it when the group is next written after a restart.",
        _VERSIONS,
        Given(source(("ada", "ben"), team("Red", "ada"))),
        [
            sync(),
            After(groups=counters(1, 1)),
            out_of_band(AddMember("Red", "ben")),
            Restart(),
            sync(PutUser(person("cem")), Join(group_id("Red"), user_id("cem"))),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "ben", "cem")),)),
        ],
        needs=["create", "groups", "memberships"],
    ),
    derived(
        "restart-with-a-list-out-of-date",
        "The client is restarted, and accounts have come and gone in a long list",
        "A list, or a cursor in one, from before a restart says nothing about the accounts that there are now.",
        _CURSORS,
        Given(source(), flags=_NO_FILTERS, accounts=tuple(account(name) for name in FIVE)),
        [
            sync(),
            After(users=counters(5, 5)),
            out_of_band(DeleteAccount("ada"), CreateAccount(account("fay"))),
            Restart(),
            sync(PutUser(person("fay"))),
            Resync(),
            After(users=counters(6, 6), wire=tuple(Account(name, active=True) for name in (*FIVE, "fay"))),
        ],
        needs=["create", "no_filters", "index_paging"],
    ),
)
"""In the order in which they are listed."""
