"""Rules that map core words beside the usual seven: they are set, changed, cleared, and put right by a Full Resync."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from provcheck.harness.model import (
    DEFAULT_MAPPING,
    Account,
    After,
    Given,
    Population,
    PutUser,
    Resync,
    Rule,
    Scenario,
)
from provcheck.harness.model.core_words import FURTHER_WORDS
from provcheck.harness.model.external_change import ChangeAccount
from provcheck.harness.model.steps import Step
from provcheck.harness.scenarios.people import person, source
from provcheck.harness.scenarios.phrases import (
    RESYNC_PAGE,
    STATUS_PAGE,
    change,
    counters,
    derived,
    no_writes,
    out_of_band,
    ruling,
    sync,
)

_MAPPED = ruling(STATUS_PAGE, "fully synced means every mapped attribute, however many values it has")
_CLEARED = ruling(STATUS_PAGE, "a value cleared at the source is a change: the value at the target goes")
_MANAGER = ruling(STATUS_PAGE, "a manager without an account waits like a membership, and is no error")
_RESYNC = ruling(RESYNC_PAGE, "a Full Resync compares with what the target holds, not with what was written once")

_WORK = {"value": "+44 20 7946 0001", "type": "work"}
_MOBILE = {"value": "+44 7700 900002", "type": "mobile"}
_HOME = {"streetAddress": "1 High Street", "locality": "London", "postalCode": "N1 1AA", "country": "GB"}
_MOVED = {"streetAddress": "2 Rue Haute", "locality": "Paris", "country": "FR"}
_FIRST: Mapping[str, Any] = {
    **{word: f"First {word}" for word in FURTHER_WORDS},
    "preferredLanguage": "en-GB",
    "locale": "en-GB",
    "timezone": "Europe/London",
    "phoneNumbers": [_WORK, _MOBILE],
    "address": _HOME,
    "manager": "ben",
}
_SECOND: Mapping[str, Any] = {
    **{word: f"Second {word}" for word in FURTHER_WORDS},
    "preferredLanguage": "fr-FR",
    "locale": "fr-FR",
    "timezone": "Europe/Paris",
    "phoneNumbers": [_WORK, {**_MOBILE, "value": "+33 1 70 18 99 03"}],
    "address": _MOVED,
    "manager": "cem",
}
_ALL_BUT_NICK_NAME = tuple(word for word in FURTHER_WORDS if word != "nickName")
_CLEARABLE = tuple(word for word in _ALL_BUT_NICK_NAME if word != "timezone")
"""There are targets that give a time zone to whoever has none."""


def _of(words: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {word: values[word] for word in words}


def _given(words: Iterable[str], values: Mapping[str, Any], names: Iterable[str] = ("ben", "cem")) -> Given:
    """Ada has these values of these words, which the rule maps; the others are there to be her managers."""
    users = (person("ada", attributes=dict(values)), *source(names).users)
    return Given(Population(users), rule=Rule(mapping={**DEFAULT_MAPPING, **{word: word for word in words}}))


def _ada(**holds: Any) -> Account:
    return Account("ada", holds=holds)


def _scenario(
    name: str, title: str, claim: str, source: Any, words: Iterable[str], given: Given, steps: Iterable[Step | After]
) -> Scenario:
    return derived(name, title, claim, source, given, steps, needs=["create", "update", *(f"keeps_{w}" for w in words)])


def _changing(name: str, title: str, claim: str, words: tuple[str, ...]) -> Scenario:
    """Set, then all of them changed in one step."""
    first, second = _of(words, _FIRST), _of(words, _SECOND)
    steps: list[Step | After] = [
        sync(),
        After(users=counters(3, 3), wire=(_ada(**first),)),
        sync(change("ada", attributes=second)),
        After(users=counters(3, 3), wire=(_ada(**second),)),
        Resync(),
        After(users=counters(3, 3), wire=(no_writes(), _ada(**second))),
    ]
    return _scenario(name, title, claim, _MAPPED, words, _given(words, first), steps)


def _clearing(name: str, title: str, claim: str, words: tuple[str, ...]) -> Scenario:
    """Set, then gone at the source."""
    first = _of(words, _FIRST)
    steps: list[Step | After] = [
        sync(),
        After(users=counters(3, 3), wire=(_ada(**first),)),
        sync(change("ada", attributes={})),
        After(users=counters(3, 3), wire=(_ada(**dict.fromkeys(words)),)),
    ]
    return _scenario(name, title, claim, _CLEARED, words, _given(words, first), steps)


def _put_right(name: str, title: str, claim: str, words: tuple[str, ...]) -> Scenario:
    """Set, changed at the target, and put right."""
    first, second = _of(words, _FIRST), _of(words, _SECOND)
    steps: list[Step | After] = [
        sync(),
        After(users=counters(3, 3)),
        out_of_band(ChangeAccount("ada", second)),
        Resync(),
        After(users=counters(3, 3), wire=(_ada(**first),)),
    ]
    return _scenario(name, title, claim, _RESYNC, words, _given(words, first), steps)


SCENARIOS = (
    _changing(
        "attributes-set-and-changed",
        "A rule maps further attributes",
        "Every attribute that the rule maps is written, and written again when several change at once.",
        _ALL_BUT_NICK_NAME,
    ),
    _changing(
        "nick-name-set-and-changed", "A rule maps the nick name", "A mapped nick name is written.", ("nickName",)
    ),
    _clearing(
        "attributes-cleared",
        "Attributes are cleared at the source",
        "A value that is gone at the source goes at the target, whatever kind of value it is.",
        _CLEARABLE,
    ),
    _put_right(
        "attributes-are-put-right-by-resync",
        "Further attributes are changed at the target",
        "A Full Resync writes every mapped attribute that somebody changed at the target.",
        _ALL_BUT_NICK_NAME,
    ),
    _scenario(
        "one-of-two-phone-numbers-goes",
        "One of two phone numbers is gone at the source",
        "Of several values the one that is gone at the source goes at the target, and the other stays.",
        _CLEARED,
        ("phoneNumbers",),
        _given(("phoneNumbers",), {"phoneNumbers": [_WORK, _MOBILE]}),
        [
            sync(),
            After(users=counters(3, 3), wire=(_ada(phoneNumbers=[_WORK, _MOBILE]),)),
            sync(change("ada", attributes={"phoneNumbers": [_WORK]})),
            After(users=counters(3, 3), wire=(_ada(phoneNumbers=[_WORK]),)),
        ],
    ),
    _scenario(
        "part-of-an-address-goes",
        "A part of the address is gone at the source",
        "An address at the target has the parts that it has at the source, and no others.",
        _CLEARED,
        ("address",),
        _given(("address",), {"address": _HOME}),
        [
            sync(),
            After(users=counters(3, 3), wire=(_ada(address=_HOME),)),
            sync(change("ada", attributes={"address": _MOVED})),
            After(users=counters(3, 3), wire=(_ada(address=_MOVED),)),
        ],
    ),
    _scenario(
        "manager-without-an-account",
        "The manager has no account yet",
        "A manager who has no account is written once there is one; until then nobody has failed.",
        _MANAGER,
        ("manager",),
        _given(("manager",), {"manager": "ben"}, names=("cem",)),
        [
            sync(),
            After(users=counters(2, 2), wire=(_ada(manager=None),)),
            sync(PutUser(person("ben"))),
            After(users=counters(3, 3), wire=(_ada(manager="ben"),)),
            Resync(),
            After(users=counters(3, 3), wire=(no_writes(),)),
        ],
    ),
    _scenario(
        "manager-is-an-account",
        "The account of a manager gets another name at the target",
        "A manager is written as the id of the account, so that it stays the same account under another name.",
        _MANAGER,
        ("manager",),
        _given(("manager",), {"manager": "ben"}),
        [
            sync(),
            After(users=counters(3, 3), wire=(_ada(manager="ben"),)),
            out_of_band(ChangeAccount("ben", {"userName": "benjamin"})),
            After(wire=(_ada(manager="benjamin"),)),
            Resync(),
            After(users=counters(3, 3), wire=(_ada(manager="ben"),)),
        ],
    ),
    _scenario(
        "managers-of-each-other",
        "Two new users are managers of each other",
        "A manager who comes later in the same run is written in that run.",
        _MANAGER,
        ("manager",),
        Given(
            Population(
                (person("ada", attributes={"manager": "ben"}), person("ben", attributes={"manager": "ada"})),
            ),
            rule=Rule(mapping={**DEFAULT_MAPPING, "manager": "manager"}),
        ),
        [
            sync(),
            After(
                users=counters(2, 2),
                wire=(_ada(manager="ben"), Account("ben", holds={"manager": "ada"})),
            ),
        ],
    ),
)
"""In the order in which they are listed."""
