"""What people's values are: long, full of signs, like numbers, changed together, cleared, and beside one another.

An attribute that the rule maps is as it is at the source; one that it does not map stays as it is at the target.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provcheck.harness.model import (
    DEFAULT_MAPPING,
    Account,
    After,
    Configure,
    Given,
    Population,
    RemoveUser,
    Restart,
    Resync,
    Rule,
    Scenario,
    Step,
)
from provcheck.harness.model.external_change import ChangeAccount
from provcheck.harness.scenarios.people import account, person, source, user_id
from provcheck.harness.scenarios.phrases import (
    OFF,
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

_WHOLE = ruling(STATUS_PAGE, "fully synced means every value as the source has it")
_CLEARED = ruling(STATUS_PAGE, "a value cleared at the source is a change: the value at the target goes")
_UNMAPPED = ruling("RFC 7644, section 3.5.1", "an attribute that no rule maps is the same after a run as before")

_LONG = "Wolfeschlegelsteinhausenbergerdorff-" * 7
_TITLED = Rule(mapping={**DEFAULT_MAPPING, "title": "title"})
_BESIDE: Mapping[str, Any] = {
    "title": "Countess",
    "department": "Engines",
    "employeeNumber": "1815",
    "phoneNumbers": [{"value": "+44 20 7946 0001", "type": "work"}],
    "address": {"streetAddress": "1 High Street", "locality": "London", "country": "GB"},
}
"""What somebody else keeps at the target in attributes that no rule of these scenarios maps."""
_HOME = {"value": "home@example.org", "type": "home"}
_CORE = "urn:ietf:params:scim:schemas:core:2.0:User"


def _value_scenario(
    name: str, title: str, claim: str, first: Mapping[str, str], second: Mapping[str, str], needs: Iterable[str] = ()
) -> Scenario:
    """Ada is made with the first values of the source's fields, gets the second ones, and is left alone afterwards."""
    words = {"given_name": "givenName", "family_name": "familyName", "display_name": "displayName"}
    return derived(
        name,
        title,
        claim,
        _WHOLE,
        Given(Population((person("ada", **first), person("ben")))),
        [
            sync(),
            After(users=counters(2, 2), wire=(Account("ada", holds={words[k]: v for k, v in first.items()}),)),
            sync(change("ada", **second)),
            After(users=counters(2, 2), wire=(Account("ada", holds={words[k]: v for k, v in second.items()}),)),
            Resync(),
            After(users=counters(2, 2), wire=(no_writes(),)),
        ],
        needs=["create", "update", *needs],
    )


def _titled(name: str, title: str | None, **changes: Any) -> Any:
    return change(name, attributes={} if title is None else {"title": title}, **changes)


def _title_scenario(name: str, title: str, claim: str, steps: Iterable[Step | After]) -> Scenario:
    """Ada and Ben have a title, which the rule maps."""
    people = (person(each, attributes={"title": f"{each} the first"}) for each in ("ada", "ben"))
    return derived(
        name,
        title,
        claim,
        _CLEARED,
        Given(Population(tuple(people)), rule=_TITLED),
        [
            sync(),
            After(users=counters(2, 2), wire=(Account("ada", holds={"title": "ada the first"}),)),
            *steps,
        ],
        needs=["create", "update", "keeps_title"],
    )


def _email(value: str) -> dict[str, Any]:
    return {"value": value, "type": "work", "primary": True}


def _with_two_emails(name: str, *, primary_first: bool = True) -> dict[str, Any]:
    """An account with an e-mail address of its own beside the one that is mapped."""
    emails = [_email(f"{name}@example.com"), _HOME]
    ordered = emails if primary_first else emails[::-1]
    return account(name, document={"schemas": [_CORE], "userName": name, "active": True, "emails": ordered})


_KEPT = Account("ada", holds=_BESIDE)
_BESIDE_NEEDS = ["create", "update", *(f"keeps_{word}" for word in _BESIDE)]

SCENARIOS = (
    _value_scenario(
        "long-values",
        "Names of people are very long",
        "A value is never cut, and a change of its last sign is a change.",
        {"family_name": f"{_LONG}1", "display_name": f"Ada {_LONG}1"},
        {"family_name": f"{_LONG}2", "display_name": f"Ada {_LONG}2"},
        needs=["any_text"],
    ),
    _value_scenario(
        "values-with-signs",
        "Names of people hold quotes, brackets and other signs",
        "A value is written as it is, and as nothing that its signs stand for elsewhere.",
        {
            "given_name": 'Ada "Queen"',
            "family_name": "O'Byron <b>&amp;</b>",
            "display_name": "%41da + \\n # $x {y} \U0001f600",
        },
        {
            "given_name": "Ada \\u0041",
            "family_name": "King; DROP TABLE",
            "display_name": "\u0130\u00df\ufb01 \u05d0\u05d3\u05d4",
        },
        needs=["any_text"],
    ),
    _value_scenario(
        "values-that-look-like-others",
        "Names of people look like numbers and switches",
        "A text that reads like a number, a switch or nothing is still that text.",
        {"given_name": "007", "family_name": "Null", "display_name": "true"},
        {"given_name": "7", "family_name": "None", "display_name": "1e3"},
    ),
    _title_scenario(
        "value-cleared-beside-other-changes",
        "A value is cleared while others change",
        "A value that is gone at the source goes at the target, also when other values of the user change at once.",
        [
            sync(_titled("ada", None, family_name="King", email="king@example.com")),
            After(
                users=counters(2, 2),
                wire=(
                    Account("ada", holds={"title": None, "familyName": "King", "email": "king@example.com"}),
                    Account("ben", holds={"title": "ben the first"}),
                ),
            ),
        ],
    ),
    _title_scenario(
        "value-cleared-after-a-restart",
        "A value is cleared after the client was restarted",
        "What a client has written it still knows after a restart: a value that is gone since goes at the target.",
        [
            Restart(),
            sync(_titled("ada", None)),
            After(users=counters(2, 2), wire=(Account("ada", holds={"title": None}),)),
        ],
    ),
    _title_scenario(
        "value-cleared-and-set-again",
        "A value is cleared, and later set to what it was",
        "A value that was cleared and comes back is written again.",
        [
            sync(_titled("ada", None)),
            After(users=counters(2, 2), wire=(Account("ada", holds={"title": None}),)),
            sync(_titled("ada", "ada the first")),
            After(users=counters(2, 2), wire=(Account("ada", holds={"title": "ada the first"}),)),
        ],
    ),
    _title_scenario(
        "value-cleared-while-updating-is-off",
        "A value is cleared while updating is not allowed",
        "A value whose clearing was withheld goes with the user's next change, once updating is allowed.",
        [
            Configure(OFF["update"]),
            sync(_titled("ada", None)),
            After(
                users=counters(2, 2, partially_synced=1),
                wire=(no_writes(), Account("ada", holds={"title": "ada the first"})),
            ),
            Configure({"update_users": True}),
            sync(_titled("ada", None, family_name="King")),
            After(users=counters(2, 2), wire=(Account("ada", holds={"title": None, "familyName": "King"}),)),
        ],
    ),
    derived(
        "everything-about-two-users-changes-at-once",
        "All values of two users change at once",
        "When several values of several users change in one run, each value is written, and on the right account.",
        _WHOLE,
        Given(source(("ada", "ben", "cem"))),
        [
            sync(),
            After(users=counters(3, 3)),
            sync(
                change(
                    "ada",
                    user_name="augusta",
                    email="augusta@example.org",
                    given_name="Augusta",
                    family_name="King",
                    display_name="Augusta King",
                ),
                change("ben", user_name="benjamin", family_name="Ngugi"),
                change("cem", display_name="Cem K."),
            ),
            After(
                users=counters(3, 3),
                wire=(
                    never("user.create"),
                    Account("ada", count=0),
                    Account(
                        "augusta",
                        holds={
                            "email": "augusta@example.org",
                            "givenName": "Augusta",
                            "familyName": "King",
                            "displayName": "Augusta King",
                        },
                    ),
                    Account("ben", count=0),
                    Account(
                        "benjamin",
                        holds={
                            "email": "ben@example.com",
                            "givenName": "Ben",
                            "familyName": "Ngugi",
                            "displayName": "Ben Okri",
                        },
                    ),
                    Account("cem", holds={"familyName": "Kaya", "displayName": "Cem K.", "email": "cem@example.com"}),
                ),
            ),
        ],
        needs=["create", "update", "rename_user"],
    ),
    derived(
        "email-changes-in-its-place",
        "The e-mail address changes, and there is a second one",
        "A new e-mail address takes the place of the old one, with its type and primary; another one stays.",
        _UNMAPPED,
        Given(source(("ada", "ben")), accounts=(_with_two_emails("ada"), _with_two_emails("ben", primary_first=False))),
        [
            sync(),
            After(users=counters(2, 2), wire=(no_writes(),)),
            sync(change("ada", email="king@example.com"), change("ben", email="ngugi@example.com")),
            After(
                users=counters(2, 2),
                wire=(
                    Account(
                        "ada",
                        holds={"email": "king@example.com"},
                        document={"emails": [_email("king@example.com"), _HOME]},
                    ),
                    Account(
                        "ben",
                        holds={"email": "ngugi@example.com"},
                        document={"emails": [_HOME, _email("ngugi@example.com")]},
                    ),
                ),
            ),
        ],
        needs=["create", "update", "several_emails"],
    ),
    derived(
        "email-stays-while-others-change",
        "Other values change, and there are two e-mail addresses",
        "A change of other values leaves every e-mail address as it is, also when the user is turned off.",
        _UNMAPPED,
        Given(source(("ada", "ben")), accounts=(_with_two_emails("ada"),)),
        [
            sync(change("ada", family_name="King")),
            After(users=counters(2, 2)),
            sync(change("ada", active=False)),
            After(
                users=counters(2, 2),
                wire=(
                    Account(
                        "ada",
                        active=False,
                        holds={"familyName": "King"},
                        document={"emails": [_email("ada@example.com"), _HOME]},
                    ),
                ),
            ),
        ],
        needs=["create", "update", "disable", "several_emails"],
    ),
    derived(
        "unmapped-attributes-survive-an-update",
        "Somebody else fills attributes that the rule does not map",
        "An update leaves attributes that the rule does not map as they are.",
        _UNMAPPED,
        Given(source(("ada", "ben"))),
        [
            sync(),
            After(users=counters(2, 2)),
            out_of_band(ChangeAccount("ada", _BESIDE)),
            sync(change("ada", family_name="King", email="king@example.com")),
            After(users=counters(2, 2), wire=(_KEPT, Account("ada", holds={"familyName": "King"}))),
            Resync(),
            After(users=counters(2, 2), wire=(no_writes(), _KEPT)),
        ],
        needs=_BESIDE_NEEDS,
    ),
    derived(
        "unmapped-attributes-survive-linking",
        "An account that exists has attributes that the rule does not map",
        "An account that is linked and updated keeps what the rule does not map.",
        _UNMAPPED,
        Given(source(("ada", "ben")), accounts=(account("ada", familyName="Else", **_BESIDE),)),
        [
            sync(),
            After(users=counters(2, 2), wire=(_KEPT, Account("ada", holds={"familyName": "Byron"}))),
            out_of_band(ChangeAccount("ada", {"familyName": "Changed"})),
            Resync(),
            After(users=counters(2, 2), wire=(_KEPT, Account("ada", holds={"familyName": "Byron"}))),
        ],
        needs=_BESIDE_NEEDS,
    ),
    derived(
        "unmapped-attributes-survive-off-and-on",
        "A user with attributes that the rule does not map is turned off and on",
        "Turning an account off and on changes nothing else of it.",
        _UNMAPPED,
        Given(source(("ada", "ben")), accounts=(account("ada", **_BESIDE),)),
        [
            sync(),
            After(users=counters(2, 2), wire=(never("user.update"),)),
            sync(change("ada", active=False)),
            After(users=counters(2, 2), wire=(Account("ada", active=False, holds={**_BESIDE, "familyName": "Byron"}),)),
            sync(change("ada", active=True)),
            After(users=counters(2, 2), wire=(Account("ada", active=True, holds={**_BESIDE, "familyName": "Byron"}),)),
        ],
        needs=[*_BESIDE_NEEDS, "disable"],
    ),
    derived(
        "leaver-keeps-every-attribute",
        "A leaver is turned off",
        "The account of a leaver is turned off, and keeps all its attributes, mapped or not.",
        _UNMAPPED,
        Given(source(("ada", "ben")), accounts=(account("ada", **_BESIDE),)),
        [
            sync(),
            After(users=counters(2, 2)),
            sync(RemoveUser(user_id("ada"))),
            After(
                users=counters(1, 1),
                wire=(
                    Account(
                        "ada",
                        active=False,
                        holds={**_BESIDE, "email": "ada@example.com", "familyName": "Byron", "givenName": "Ada"},
                    ),
                ),
            ),
        ],
        needs=[*_BESIDE_NEEDS, "disable"],
    ),
)
"""In the order in which they are listed."""
