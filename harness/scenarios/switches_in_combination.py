"""Switches of the connection in combination: every subset of them is turned off, with every kind of change.

A row of `_CHANGES` is a kind of change, with one person of its own: the switches that it needs, and what the account
holds where it is written and where it is withheld (the contract's sections 2 and 3). The scenarios follow from the
rows, one for each combination of switches that are off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from provcheck.harness.model import (
    Account,
    After,
    Configure,
    Given,
    GroupAtTarget,
    Join,
    Leave,
    PutUser,
    RemoveUser,
    Resync,
    Scenario,
)
from provcheck.harness.model.edits import Edit
from provcheck.harness.scenarios.people import account, group_id, person, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    GROUPS_PAGE,
    OFF,
    RESYNC_PAGE,
    STATUS_PAGE,
    change,
    counters,
    derived,
    no_writes,
    ruling,
    sync,
)

_WORDS: Mapping[str, str] = {
    "create": "creating",
    "update": "updating",
    "disable": "disabling",
    "deprovision": "deprovisioning",
}
_GOVERNS = ruling(
    STATUS_PAGE, "each change asks the one switch that is about it: a new account, an update, active off, a leaver"
)


@dataclass(frozen=True, slots=True)
class _Change:
    """A kind of change, of one person.

    `needs` are the switches without which it is not made, or not as a whole. `before` happens while everything is
    still allowed. `holds` are core words of the account and the switch that each of them waits for: the value after the
    change, and before it. `account_is_linked`: the client knew the account before the change.
    """

    who: str
    edit: Edit
    needs: tuple[str, ...]
    holds: Mapping[str, tuple[Any, Any, str]]
    before: Edit | None = None
    account_is_linked: bool = True
    renamed: str = ""
    leaves: bool = False


_CHANGES = (
    _Change("ada", PutUser(person("ada")), ("create",), {}, account_is_linked=False),
    _Change(
        "ben",
        PutUser(person("ben")),
        ("update",),
        {"familyName": ("Okri", "Ngugi", "update")},
        account_is_linked=False,
    ),
    _Change(
        "cem",
        change("cem", family_name="Demir", given_name="Can", display_name="Can Demir"),
        ("update",),
        {
            "familyName": ("Demir", "Kaya", "update"),
            "givenName": ("Can", "Cem", "update"),
            "displayName": ("Can Demir", "Cem Kaya", "update"),
        },
    ),
    _Change("dan", change("dan", user_name="daniel"), ("update",), {}, renamed="daniel"),
    _Change(
        "eve",
        change("eve", email="eva@example.com"),
        ("update",),
        {"email": ("eva@example.com", "eve@example.com", "update")},
    ),
    _Change("fay", change("fay", active=False), ("disable",), {"active": (False, True, "disable")}),
    _Change(
        "gus",
        change("gus", active=False, family_name="Elgar"),
        ("update", "disable"),
        {"active": (False, True, "disable"), "familyName": ("Elgar", "Holst", "update")},
    ),
    _Change(
        "hal",
        change("hal", active=True),
        ("update",),
        {"active": (True, False, "update")},
        before=change("hal", active=False),
    ),
    _Change(
        "ida",
        change("ida", active=True, family_name="Tacke"),
        ("update",),
        {"active": (True, False, "update"), "familyName": ("Tacke", "Noddack", "update")},
        before=change("ida", active=False),
    ),
    _Change(
        "jan",
        PutUser(person("jan")),
        ("update",),
        {"active": (True, False, "update")},
        before=RemoveUser(user_id("jan")),
        account_is_linked=False,
    ),
    _Change("kim", RemoveUser(user_id("kim")), ("deprovision",), {"active": (False, True, "deprovision")}, leaves=True),
)
_NEW, _FOUND = "ada", "ben"
_GIVEN = Given(
    source(each.who for each in _CHANGES if each.who not in (_NEW, _FOUND)),
    accounts=(account(_FOUND, familyName="Ngugi"),),
)
_HERE = [each for each in _CHANGES if not each.leaves]


def _accounts(off: Iterable[str]) -> tuple[Account, ...]:
    """What the target holds after all changes, while these switches are off."""
    return tuple(chain.from_iterable(_account(each, frozenset(off)) for each in _CHANGES))


def _account(change: _Change, off: frozenset[str]) -> tuple[Account, ...]:
    if change.who == _NEW:
        return (Account(_NEW, count=0 if "create" in off else 1),)
    if change.renamed:
        now, then = (change.who, change.renamed) if "update" in off else (change.renamed, change.who)
        return Account(now, active=True), Account(then, count=0)
    values = {word: old if switch in off else new for word, (new, old, switch) in change.holds.items()}
    active = values.pop("active", True)
    if change.leaves and "deprovision" not in off and "disable" in off:
        active = None  # whether a leaver may be turned off then is left open
    return (Account(change.who, active=active, holds=values),)


def _counted(off: Iterable[str]) -> dict[str, Any]:
    """The counters after all changes, while these switches are off."""
    withheld = [each for each in _HERE if set(each.needs) & set(off)]
    unsynced = sum(each.who == _NEW for each in withheld)
    linked = sum(not each.account_is_linked for each in withheld) - unsynced
    success = len(_HERE) - unsynced - linked
    return counters(len(_HERE), success, unsynced=unsynced, partially_synced=len(withheld) - unsynced)


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _scenario(off: tuple[str, ...]) -> Scenario:
    """Every kind of change while these switches are off; then they are turned on again."""
    which = "every-switch" if off == _ALL else "-and-".join(off)
    verb = "is" if off == _ALL or len(off) == 1 else "are"
    switches = {key: value for each in off for key, value in OFF[each].items()}
    return derived(
        f"every-change-while-{which}-{verb}-off",
        f"Every kind of change while {_listed(_WORDS[each] for each in off)} {verb} not allowed",
        "Each change is written or withheld by the switch that is about it, and by no other.",
        _GOVERNS,
        _GIVEN,
        [
            sync(),
            sync(*(each.before for each in _CHANGES if each.before is not None)),
            After(users=counters(8, 8)),
            Configure(switches),
            sync(*(each.edit for each in _CHANGES)),
            After(users=_counted(off), wire=_accounts(off)),
            Configure(dict.fromkeys(switches, True)),
            sync(),
            After(users=_counted(off), wire=(no_writes(),)),
            Resync(),
            After(users=counters(len(_HERE), len(_HERE)), wire=_accounts_in_the_end(off)),
        ],
        needs=["create", "update", "disable", "rename_user", "finds_disabled"],
    )


def _accounts_in_the_end(off: tuple[str, ...]) -> tuple[Account, ...]:
    """All are in line but leavers: who left while it was not allowed to touch the account is nobody's any more."""
    return tuple(chain.from_iterable(_account(each, frozenset()) for each in _HERE)) + tuple(
        chain.from_iterable(_account(each, frozenset(off)) for each in _CHANGES if each.leaves)
    )


_ALL = tuple(_WORDS)
_LEAVER = ruling(STATUS_PAGE, "a leaver whose account is to be deleted asks the switch of deprovisioning alone")
_RED = Given(source(("ada", "ben", "cem"), team("Red", "ada", "ben")))

SCENARIOS = (
    *(_scenario(off) for number in range(1, len(_ALL) + 1) for off in combinations(_ALL, number)),
    derived(
        "leaver-is-deleted-while-disabling-is-off",
        "A leaver is to be deleted while disabling is not allowed",
        "Whether a leaver's account is deleted is for deprovisioning to say, not for disabling.",
        _LEAVER,
        Given(source(("ada", "ben", "cem")), connection={"remove_action": "Delete", **OFF["disable"]}),
        [
            sync(),
            sync(RemoveUser(user_id("cem")), change("ben", active=False)),
            After(
                users=counters(2, 2, partially_synced=1),
                wire=(Account("cem", count=0), Account("ben", active=True), Account("ada", active=True)),
            ),
        ],
        needs=["create", "delete"],
    ),
    derived(
        "leaver-is-deleted-while-updating-and-creating-are-off",
        "A leaver is to be deleted while neither updating nor creating is allowed",
        "Deprovisioning needs no other switch.",
        _LEAVER,
        Given(source(("ada", "ben", "cem")), connection={"remove_action": "Delete"}),
        [
            sync(),
            Configure({**OFF["create"], **OFF["update"], **OFF["disable"]}),
            sync(RemoveUser(user_id("cem"))),
            After(users=counters(2, 2), wire=(Account("cem", count=0),)),
        ],
        needs=["create", "delete"],
    ),
    derived(
        "withheld-leaver-comes-back",
        "A leaver whom deprovisioning left alone comes back",
        "Who left while deprovisioning was not allowed, and comes back, still has the account, and it is a Success.",
        _LEAVER,
        Given(source(("ada", "ben")), connection={**OFF["deprovision"]}),
        [
            sync(),
            After(users=counters(2, 2)),
            sync(RemoveUser(user_id("ben"))),
            After(users=counters(1, 1), wire=(Account("ben", active=True),)),
            Configure({**OFF["create"], **OFF["update"]}),
            sync(PutUser(person("ben"))),
            After(users=counters(2, 2), wire=(no_writes(), Account("ben", active=True))),
        ],
        needs=["create"],
    ),
    derived(
        "disabling-on-again-while-updating-is-off",
        "Disabling is allowed again while updating is not",
        "A Full Resync makes good what one switch withheld, and goes on withholding what another one still does.",
        ruling(RESYNC_PAGE, "a Full Resync asks the switches as they are then"),
        Given(source(("ada", "ben", "cem"))),
        [
            sync(),
            After(users=counters(3, 3)),
            Configure({**OFF["update"], **OFF["disable"]}),
            sync(change("ada", active=False), change("ben", active=False, family_name="Ngugi")),
            After(users=counters(3, 3, partially_synced=2), wire=(no_writes(),)),
            Configure({"disable_users": True}),
            Resync(),
            After(
                users=counters(3, frozenset({2, 3}), partially_synced=1),
                wire=(
                    Account("ada", active=False),
                    Account("ben", active=False, holds={"familyName": "Okri"}),
                    Account("cem", active=True),
                ),
                note="Success may be 2 (the user is evaluated as new) or 3 (the last completed sync counts)",
            ),
            Configure({"update_users": True}),
            Resync(),
            After(users=counters(3, 3), wire=(Account("ben", active=False, holds={"familyName": "Ngugi"}),)),
        ],
        needs=["create", "update", "disable"],
    ),
    derived(
        "memberships-while-every-switch-is-off",
        "Memberships change while nothing about users is allowed",
        "The switches are about users: members join and leave, and who has no account waits.",
        ruling(GROUPS_PAGE, "no switch of the connection is about groups or memberships"),
        _RED,
        [
            sync(),
            Configure({key: value for each in _ALL for key, value in OFF[each].items()}),
            sync(
                Leave(group_id("Red"), user_id("ada")),
                Join(group_id("Red"), user_id("cem")),
                PutUser(person("dan")),
                Join(group_id("Red"), user_id("dan")),
            ),
            After(
                users=counters(4, 3, unsynced=1),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ben", "cem")), Account("dan", count=0)),
            ),
            Configure({"create_users": True}),
            Resync(),
            After(
                users=counters(4, 4),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ben", "cem", "dan")),),
            ),
        ],
        needs=["create", "groups", "memberships"],
    ),
)
"""In the order in which they are listed."""
