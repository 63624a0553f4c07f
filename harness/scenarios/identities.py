"""Names and ids that a filter, an address or a comparison may get wrong: signs, other letters, case, and length.

What is judged is whom a name means. Two names are one if they differ in case alone (RFC 7643, section 4.1.1, for user
names), and user names also if they differ in their Unicode form alone (RFC 7644, section 5). Values are written as the
source has them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from provcheck.harness.model import (
    Account,
    After,
    Given,
    GroupAtTarget,
    Join,
    Population,
    RemoveUser,
    RenameGroup,
    Restart,
    Resync,
    SourceGroup,
    SourceUser,
)
from provcheck.harness.scenarios.people import account, group_id, person, remote_group, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    GROUPS_PAGE,
    STATUS_PAGE,
    change,
    counters,
    derived,
    never,
    no_writes,
    ruling,
    sync,
)

SIGNS = (
    'o"hara',
    "back\\slash",
    "%61da",
    "fifty%off",
    "plus+sign",
    "no#1",
    "rock&roll",
    "two words",
    "(smith)",
    "either/or",
    "who?",
    "o'brien",
    "a;b=c",
    "z\u00f6e",
    "\u65e5\u672c\u8a9e",
)
"""User names with characters that stand for something else in a filter, in a query or in a path."""
INJECTED = 'ada" or userName eq "ben'
"""A user name that becomes another filter where its quotes are not escaped."""
COMPOSED, DECOMPOSED = "zo\u00eb", "zoe\u0308"
"""One name in the two Unicode forms NFC and NFD."""
_LONG = "a" * 254

_FILTER = ruling("RFC 7644, section 3.4.2.2 and RFC 3986, section 2.1", "a name is looked up as it is, signs and all")
_PATH = ruling("RFC 3986, section 3.3", "an id of the target is opaque, and is escaped in a path")
_CASE = ruling("RFC 7643, sections 4.1.1 and 8.7.1", "names that differ in case alone are one name")
_FORM = ruling("RFC 7644, section 5", "user names are one if they differ in their Unicode form alone")
_WHOLE = ruling(STATUS_PAGE, "fully synced means every value as the source has it")
_NAMED = ruling(GROUPS_PAGE, "a group of the same name is merged, and no second one is made")


def _called(names: Iterable[str]) -> tuple[SourceUser, ...]:
    """Users of these user names, whose e-mail addresses are plain."""
    return tuple(
        replace(person("ada"), id=f"u-{n}", user_name=name, email=f"p{n}@example.com") for n, name in enumerate(names)
    )


def _accounts(users: Iterable[SourceUser]) -> tuple[dict[str, object], ...]:
    return tuple(
        {**account("ada"), "userName": user.user_name, "externalId": user.id, "email": user.email} for user in users
    )


_SIGNED = _called(SIGNS)
GROUP_SIGNS = (
    'Say "yes"',
    "back\\slash",
    "%52ed",
    "C++",
    "No. #1",
    "R&D",
    "Staff (all)",
    "either/or?",
    "People's",
    "Gr\u00fcne",
    "\u65e5\u672c\u8a9e",
)
"""Names of groups, likewise."""
_SIGNED_GROUPS = Population(
    (person("ada"),), tuple(SourceGroup(f"g-{n}", name, (user_id("ada"),)) for n, name in enumerate(GROUP_SIGNS))
)
_DECOMPOSED_TEAM = f"Crew {DECOMPOSED}"
_DECOYS = (account("ben"), account("cem", userName="plus sign"), account("dan", userName="fifty"), account("ada"))
"""Accounts of nobody in the source, whom a name that was cut or changed on the way means instead."""
_STRANGE_IDS = {"ada": "ada?x=1", "ben": "ben#1", "cem": "cem 1+2", "dan": "dan%31", "eve": "\u00ebve&co"}

SCENARIOS = (
    derived(
        "user-names-with-signs-are-found",
        "Accounts have user names with quotes, blanks and other signs",
        "An account is found whatever signs its user name has; no other account is taken for it, and none is made.",
        _FILTER,
        Given(Population(_SIGNED), accounts=(*_accounts(_SIGNED), *_DECOYS)),
        [
            sync(),
            After(users=counters(len(SIGNS), len(SIGNS)), wire=(no_writes(),)),
            Resync(),
            After(users=counters(len(SIGNS), len(SIGNS)), wire=(no_writes(),)),
        ],
        needs=["create", "any_user_name"],
    ),
    derived(
        "user-names-with-signs-are-made",
        "New users have user names with quotes, blanks and other signs",
        "An account has the very user name of the source, is found again by it, and is turned off with its user.",
        _FILTER,
        Given(Population(_SIGNED), accounts=_DECOYS),
        [
            sync(),
            After(users=counters(len(SIGNS), len(SIGNS)), wire=tuple(Account(name, active=True) for name in SIGNS)),
            Restart(),
            Resync(),
            After(users=counters(len(SIGNS), len(SIGNS)), wire=(no_writes(),)),
            sync(RemoveUser(_SIGNED[2].id), RemoveUser(_SIGNED[4].id)),
            After(
                users=counters(len(SIGNS) - 2, len(SIGNS) - 2),
                wire=(
                    *(Account(SIGNS[n], active=False) for n in (2, 4)),
                    *(Account(str(each["userName"]), active=True) for each in _DECOYS),
                ),
            ),
        ],
        needs=["create", "disable", "any_user_name"],
    ),
    derived(
        "user-name-that-is-a-filter",
        "A user name reads like a part of a filter",
        "A user name with quotes in it means one user, and not those whom it names when it is read as a filter.",
        _FILTER,
        Given(Population(_called((INJECTED,))), accounts=(account("ben"), account("fay"))),
        [
            sync(),
            After(users=counters(1, 1), wire=(Account(INJECTED), Account("ben", holds={"externalId": "u-ben"}))),
        ],
        needs=["create", "any_user_name"],
    ),
    derived(
        "email-addresses-with-signs-are-found",
        "Accounts are known by e-mail addresses with signs",
        "An account is found by an e-mail address with a plus sign or an apostrophe in it, and no other account is.",
        _FILTER,
        Given(
            Population((person("ada", email="ada+work@example.com"), person("ben", email="o'brien&co@example.com"))),
            connection={"unique_user_identifier": "workEmail", "user_filter": 'emails.value Eq "%s"'},
            accounts=(
                account("ada", userName="lovelace", email="ada+work@example.com"),
                account("ben", userName="brian", email="o'brien&co@example.com"),
                account("cem", email="ada work@example.com", externalId="x-1"),
            ),
        ),
        [
            sync(),
            After(
                users=counters(2, 2),
                wire=(never("user.create"), Account("ada"), Account("ben"), Account("lovelace", count=0)),
            ),
        ],
        needs=["create", "update", "rename_user", "match_by_email"],
    ),
    derived(
        "ids-with-signs",
        "The target's ids hold signs",
        "An account is changed and turned off under its id, whatever signs the id has.",
        _PATH,
        Given(source(), accounts=tuple(account(name, id=id) for name, id in _STRANGE_IDS.items())),
        [
            sync(),
            After(users=counters(5, 5), wire=(no_writes(),)),
            sync(*(change(name, family_name="King") for name in _STRANGE_IDS)),
            After(
                users=counters(5, 5),
                wire=(never("user.create"), *(Account(name, holds={"familyName": "King"}) for name in _STRANGE_IDS)),
            ),
            sync(*(change(name, active=False) for name in _STRANGE_IDS)),
            After(users=counters(5, 5), wire=tuple(Account(name, active=False) for name in _STRANGE_IDS)),
        ],
        needs=["create", "update", "disable", "any_id"],
    ),
    derived(
        "group-ids-with-signs",
        "The target's ids of groups hold signs",
        "A group gets its members under its id, whatever signs the id has.",
        _PATH,
        Given(
            source(("ada", "ben"), team("Red", "ada"), team("Blue", "ben")),
            groups=(remote_group("Red", id="red?1#2"), remote_group("Blue", id="blue%41 +&")),
        ),
        [
            sync(),
            After(
                users=counters(2, 2),
                groups=counters(2, 2),
                wire=(
                    never("group.create"),
                    GroupAtTarget("Red", exactly=("ada",)),
                    GroupAtTarget("Blue", exactly=("ben",)),
                ),
            ),
            sync(Join(group_id("Red"), user_id("ben"))),
            After(groups=counters(2, 2), wire=(GroupAtTarget("Red", exactly=("ada", "ben")),)),
        ],
        needs=["create", "groups", "memberships", "any_id"],
    ),
    derived(
        "group-names-with-signs-are-merged",
        "Groups have names with quotes, blanks and other signs",
        "A group is found whatever signs its name has, and no second group of the name is made.",
        _NAMED,
        Given(_SIGNED_GROUPS, groups=tuple(remote_group(name) for name in GROUP_SIGNS)),
        [
            sync(),
            After(
                users=counters(1, 1),
                groups=counters(len(GROUP_SIGNS), len(GROUP_SIGNS)),
                wire=(never("group.create"), *(GroupAtTarget(name, includes=("ada",)) for name in GROUP_SIGNS)),
            ),
        ],
        needs=["create", "groups", "memberships"],
    ),
    derived(
        "group-names-with-signs-are-made",
        "New groups have names with quotes, blanks and other signs",
        "A group has the very name of the source, and is known by its id afterwards.",
        _NAMED,
        Given(_SIGNED_GROUPS),
        [
            sync(),
            After(
                groups=counters(len(GROUP_SIGNS), len(GROUP_SIGNS)),
                wire=tuple(GroupAtTarget(name, exactly=("ada",)) for name in GROUP_SIGNS),
            ),
            Resync(),
            After(groups=counters(len(GROUP_SIGNS), len(GROUP_SIGNS)), wire=(no_writes(),)),
        ],
        needs=["create", "groups", "memberships"],
    ),
    derived(
        "user-name-in-another-unicode-form",
        "The source gives a user name another Unicode form",
        "A user name that changes its Unicode form alone still means the same account: no other one is made.",
        _FORM,
        Given(Population(_called((COMPOSED, "ben")))),
        [
            sync(),
            After(users=counters(2, 2)),
            sync(change("0", user_name=DECOMPOSED)),
            After(users=counters(2, 2), wire=(never("user.create"), Account(COMPOSED, active=True))),
            Resync(),
            After(users=counters(2, 2), wire=(never("user.create"), Account(COMPOSED, active=True))),
        ],
        needs=["create", "update", "any_user_name"],
    ),
    derived(
        "values-in-either-unicode-form",
        "Names of people and groups are in either Unicode form",
        "A value keeps the Unicode form that it has at the source, and is found equal in a Full Resync.",
        _WHOLE,
        Given(
            Population(
                (
                    person("ada", given_name=COMPOSED.title(), display_name=f"{DECOMPOSED.title()} Byron"),
                    person("ben", given_name=DECOMPOSED.title(), display_name=f"{COMPOSED.title()} Okri"),
                ),
                (SourceGroup("g-1", f"Team {COMPOSED}", ("u-ada",)), SourceGroup("g-2", _DECOMPOSED_TEAM, ("u-ben",))),
            ),
        ),
        [
            sync(),
            After(
                users=counters(2, 2),
                wire=(
                    Account("ada", holds={"givenName": COMPOSED.title(), "displayName": f"{DECOMPOSED.title()} Byron"}),
                    Account("ben", holds={"givenName": DECOMPOSED.title(), "displayName": f"{COMPOSED.title()} Okri"}),
                ),
            ),
            Resync(),
            After(users=counters(2, 2), wire=(no_writes(),)),
        ],
        needs=["create", "update"],
    ),
    derived(
        "user-name-in-another-case",
        "The source writes a user name in another case",
        "A user name that changes in case alone still means the same account: no other one is made.",
        _CASE,
        Given(source(("ada", "ben"))),
        [
            sync(),
            After(users=counters(2, 2)),
            sync(change("ada", user_name="ADA", email="ADA@example.com")),
            After(users=counters(2, 2), wire=(never("user.create"), Account("ada", active=True))),
            Resync(),
            After(users=counters(2, 2), wire=(never("user.create"), Account("ada", active=True))),
        ],
        needs=["create", "update", "rename_user"],
    ),
    derived(
        "values-in-another-case",
        "Names of a person change in case alone",
        "A value that changes in case alone is a change, and is written.",
        _WHOLE,
        Given(source(("ada", "ben"))),
        [
            sync(),
            After(users=counters(2, 2)),
            sync(change("ada", family_name="BYRON", display_name="ada byron")),
            After(
                users=counters(2, 2),
                wire=(Account("ada", holds={"familyName": "BYRON", "displayName": "ada byron"}),),
            ),
        ],
        needs=["create", "update"],
    ),
    derived(
        "group-name-in-another-case",
        "The source writes the name of a group in another case",
        "A group whose name changes in case alone stays the one group.",
        _CASE,
        Given(source(("ada", "ben"), team("Red", "ada"))),
        [
            sync(),
            After(groups=counters(1, 1)),
            sync(RenameGroup(group_id("Red"), "RED"), Join(group_id("Red"), user_id("ben"))),
            After(groups=counters(1, 1), wire=(never("group.create"), GroupAtTarget("Red", exactly=("ada", "ben")))),
            Resync(),
            After(groups=counters(1, 1), wire=(never("group.create"), GroupAtTarget("Red", exactly=("ada", "ben")))),
        ],
        needs=["create", "groups", "memberships", "rename_group"],
    ),
    derived(
        "group-exists-in-another-case",
        "A group exists in capital letters",
        "Group names that differ in case alone are one name: the group is merged, and no other is made.",
        _CASE,
        Given(source(("ada", "ben"), team("Red", "ada")), groups=(remote_group("RED", externalId=None),)),
        [
            sync(),
            After(groups=counters(1, 1), wire=(never("group.create"), GroupAtTarget("Red", includes=("ada",)))),
        ],
        needs=["create", "groups", "memberships", "rename_group", "caseless_group_names"],
    ),
    derived(
        "long-user-names-differ-at-the-end",
        "Two long user names differ in their last sign",
        "A user name is never cut: two users whose long names begin alike have an account each.",
        _WHOLE,
        Given(Population(_called((f"{_LONG}1", f"{_LONG}2")))),
        [
            sync(),
            After(users=counters(2, 2), wire=(Account(f"{_LONG}1"), Account(f"{_LONG}2"))),
            Resync(),
            After(users=counters(2, 2), wire=(no_writes(),)),
        ],
        needs=["create", "any_user_name"],
    ),
    derived(
        "long-group-names-differ-at-the-end",
        "Two long group names differ in their last sign",
        "A group name is never cut: two groups whose long names begin alike are two.",
        _NAMED,
        Given(source(("ada", "ben"), team(f"{_LONG}1", "ada"), team(f"{_LONG}2", "ben"))),
        [
            sync(),
            After(
                groups=counters(2, 2),
                wire=(GroupAtTarget(f"{_LONG}1", exactly=("ada",)), GroupAtTarget(f"{_LONG}2", exactly=("ben",))),
            ),
        ],
        needs=["create", "groups", "memberships"],
    ),
)
"""In the order in which they are listed."""
