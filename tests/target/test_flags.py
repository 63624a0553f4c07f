"""Behaviour flags: declared once, checked when set, frozen for each request."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from provcheck.mock_targets import registry
from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.target.flags import LARGEST, Flag, FlagError, Flags, UnknownFlag, WrongFlagValue
from provcheck.mock_targets.target.seeding import seed

DECLARED = (
    Flag("permits", True, "", ""),
    Flag("limit", 10, "", "", type="integer"),
    Flag("cap", None, "", "", type="integer"),
    Flag("style", "group", "", "", type="string", choices=("group", "user")),
    Flag("subject", None, "", "", type="string"),
)


@pytest.fixture
def flags() -> Flags:
    return Flags(DECLARED)


@pytest.mark.parametrize(
    ("name", "value"),
    [("permits", False), ("limit", 0), ("cap", 5), ("cap", None), ("style", "user"), ("subject", "ada")],
)
def test_a_fitting_value_is_taken(flags, name, value):
    flags.set({name: value})
    assert getattr(flags.behaviour, name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("permits", 1),
        ("permits", "true"),
        ("permits", None),
        ("limit", True),
        ("limit", -1),
        ("limit", 1.5),
        ("limit", None),
        ("style", "both"),
        ("style", None),
        ("subject", 3),
        ("cap", "5"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(flags, name, value):
    with pytest.raises(WrongFlagValue, match=name):
        flags.set({name: value})
    assert flags.values() == Flags(DECLARED).values()


def test_an_unknown_flag_is_refused_and_the_likely_one_named(flags):
    with pytest.raises(UnknownFlag, match="did you mean permits"):
        flags.set({"permit": False})


def test_one_bad_value_stops_all(flags):
    with pytest.raises(FlagError):
        flags.set({"permits": False, "limit": -1})
    assert flags.behaviour.permits is True


def test_a_behaviour_does_not_change_under_a_request(flags):
    before = flags.behaviour
    flags.set({"permits": False})
    assert before.permits is True
    assert flags.behaviour.permits is False


def test_a_behaviour_cannot_be_written(flags):
    with pytest.raises(AttributeError, match="frozen"):
        flags.behaviour.permits = False


def test_a_behaviour_has_no_other_attributes(flags):
    with pytest.raises(AttributeError, match="no flag is called speed"):
        _ = flags.behaviour.speed


def test_reset_goes_back_to_the_values_it_started_with():
    flags = Flags(DECLARED, {"limit": 3})
    flags.set({"limit": 5, "permits": False})
    flags.reset()
    assert (flags.behaviour.limit, flags.behaviour.permits) == (3, True)


def test_a_bad_first_value_is_refused():
    with pytest.raises(WrongFlagValue):
        Flags(DECLARED, {"limit": "many"})


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("permits", "on", True),
        ("permits", "No", False),
        ("permits", "1", True),
        ("limit", " 12 ", 12),
        ("cap", "null", None),
        ("cap", "7", 7),
        ("style", "user", "user"),
        ("subject", "ada", "ada"),
        ("subject", "none", None),
    ],
)
def test_text_from_a_command_line_becomes_a_value(flags, name, text, value):
    assert flags.flag(name).parse(text) == value


@pytest.mark.parametrize(
    ("name", "text"), [("permits", "maybe"), ("limit", "-1"), ("limit", "1e3"), ("limit", "9" * 5000), ("style", "x")]
)
def test_text_that_fits_no_value_is_refused(flags, name, text):
    with pytest.raises(WrongFlagValue):
        flags.flag(name).parse(text)


def test_a_description_has_declaration_and_value(flags):
    flags.set({"style": "user"})
    described = {entry["name"]: entry for entry in flags.describe()}
    assert described["style"]["value"] == "user"
    assert described["style"]["default"] == "group"
    assert described["style"]["choices"] == ["group", "user"]


def test_every_number_has_a_range_that_a_target_survives():
    offenders = []
    for name in registry.names():
        environment = Environment([name], clock=VirtualClock())
        target, client = environment.target(name), Client(environment)
        headers = {"Authorization": f"Bearer {target.token}"}
        seed(target, {"users": [{"userName": "ada", "email": "ada@example.com"}]})
        for flag in [each for each in target.spec.flags if each.type == "integer"]:
            for value in (0, LARGEST):
                target.flags.set({flag.name: value})
                base = next(iter(target.urls().values())).removeprefix("http://localhost")
                answer = client.get(f"{base}{target.spec.sample_path}?count=2", headers=headers)
                if answer.status_code == 500:
                    offenders.append(f"{name} {flag.name}={value}")
            target.flags.set({flag.name: flag.default})
            for wrong in (-1, LARGEST + 1, 1.5, float("nan"), float("inf"), True, "5"):
                with pytest.raises(WrongFlagValue, match=f"a whole number from 0 to {LARGEST}"):
                    flag.check(wrong)
    assert offenders == []


def test_a_flag_that_names_attributes_knows_them():
    for flag in (each for each in registry.find("scim").flags if each.known):
        assert flag.check("name.givenName, emails,urn:x:User") == "name.givenName, emails,urn:x:User"
        with pytest.raises(WrongFlagValue, match="no 'displayNmae'; did you mean displayName"):
            flag.check("userName,displayNmae")
