"""What a rule selects, maps, refuses and warns about; and the two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from provcheck.harness.model import (
    BadRule,
    ExternalGroup,
    FaultSpec,
    Population,
    Rule,
    SourceGroup,
    SourceUser,
    SystemClock,
    VirtualClock,
)
from provcheck.harness.model.core_words import comparable

ADA = SourceUser("1", "ada", email="ada@x", given_name="Ada", attributes={"department": "Sales"})
BEN = SourceUser("2", "ben", attributes={"department": "Support"})
BOTH = Population((ADA, BEN), (SourceGroup("r", "Red", ("1",)), SourceGroup("g", "Green", ("1", "2"))))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (None, ["ada", "ben"]),
        ('department Eq "sales"', ["ada"]),
        ('userName sw "b"', ["ben"]),
        ('email co "@"', ["ada"]),
        ('group Eq "Red" or group Eq "Green"', ["ada", "ben"]),
        ('group Eq "Red" or department Eq "Support"', ["ada", "ben"]),
        ('department Eq "Legal"', []),
    ],
)
def test_a_filter_selects_each_user_once(text, names):
    assert [user.user_name for user in Rule(user_filter=text).impacted_users(BOTH)] == names


@pytest.mark.parametrize("text", ["", "department", 'department Eq "a" or', 'a Eq "b" c', 'a Is "b"', "a Eq b"])
def test_a_filter_that_cannot_be_read_is_refused(text):
    with pytest.raises(BadRule, match="reads like"):
        Rule(user_filter=text).impacted_users(BOTH)


def test_selected_groups_are_those_of_the_rule():
    assert [group.name for group in Rule(groups=("g", "gone")).impacted_groups(BOTH)] == ["Green"]


def test_selecting_all_groups_means_all_internal_ones():
    external = BOTH.with_group(SourceGroup("x", "Partners", external=True))
    assert len(Rule().impacted_groups(external)) == 2


def test_selecting_an_external_group_is_refused():
    external = BOTH.with_group(SourceGroup("x", "Partners", external=True))
    with pytest.raises(ExternalGroup, match="'Partners' is external"):
        Rule(groups=("x",)).impacted_groups(external)


@pytest.mark.parametrize(("count", "warnings"), [(1000, 0), (1001, 1)])
def test_more_than_a_thousand_groups_is_a_warning(count, warnings):
    population = Population((), tuple(SourceGroup(str(n), str(n)) for n in range(count)))
    assert len(Rule().warnings(population)) == warnings


def test_a_mapping_leaves_out_what_the_source_does_not_have():
    assert Rule().mapped(ADA) == {"userName": "ada", "externalId": "1", "givenName": "Ada", "email": "ada@x"}


def test_a_mapping_reads_fields_and_attributes():
    assert Rule(mapping={"title": "department", "userName": "email"}).mapped(ADA) == {
        "title": "Sales",
        "userName": "ada@x",
    }


NUMBERS = [{"value": "+44 1", "type": "work"}, {"value": "+44 2", "type": "mobile"}]


@pytest.mark.parametrize(
    ("word", "field", "value"),
    [
        ("phoneNumbers", "phoneNumbers", NUMBERS),
        ("phone", "phoneNumbers", "+44 1"),
        ("phone", "phoneNumbers.mobile", "+44 2"),
        ("phoneNumbers", "phoneNumbers.mobile", [{"value": "+44 2", "type": "work"}]),
        ("address", "address", {"locality": "London"}),
        ("address", "address.locality", {"formatted": "London"}),
        ("title", "address.locality", "London"),
        ("title", "address", None),
        ("phoneNumbers", "address", None),
        ("address", "phoneNumbers", {"formatted": "+44 1"}),
        ("title", "address.region", None),
        ("manager", "manager", "ben"),
    ],
)
def test_a_mapping_gives_a_value_in_the_form_of_the_word(word, field, value):
    attributes = {"phoneNumbers": NUMBERS, "address": {"locality": "London"}, "manager": "ben"}
    assert Rule(mapping={word: field}).mapped(SourceUser("1", "ada", attributes=attributes)).get(word) == value


def test_a_filter_looks_at_every_value():
    mobile = SourceUser("1", "ada", attributes={"phoneNumbers": NUMBERS})
    assert Rule(user_filter='phoneNumbers Sw "+44 2"').impacted_users(Population((mobile,))) == (mobile,)


@pytest.mark.parametrize(
    ("word", "one", "other", "equal"),
    [
        ("phoneNumbers", NUMBERS, NUMBERS[::-1], True),
        ("phoneNumbers", NUMBERS, NUMBERS[:1], False),
        ("phoneNumbers", NUMBERS[:1], [{"value": "+44 1", "type": "Work", "primary": True}], True),
        ("phoneNumbers", [], None, True),
        ("address", {"locality": "London", "region": ""}, {"locality": "London", "type": "work"}, True),
        ("address", {"locality": "London"}, {"locality": "London", "country": "GB"}, False),
        ("manager", "Ben", "ben", True),
        ("title", "", None, True),
        ("title", "A", "a", False),
    ],
)
def test_values_of_each_kind_are_compared_by_what_they_mean(word, one, other, equal):
    assert (comparable(word, one) == comparable(word, other)) is equal


def test_a_virtual_clock_moves_only_by_sleeping():
    clock = VirtualClock(datetime(2025, 1, 1, tzinfo=UTC))
    clock.sleep(3600)
    clock.sleep(-5)
    assert clock.now() == datetime(2025, 1, 1, 1, tzinfo=UTC)
    assert clock.monotonic() == 3600


def test_a_virtual_clock_wants_an_aware_start():
    with pytest.raises(ValueError, match="aware"):
        VirtualClock(datetime(2025, 1, 1))


def test_the_system_clock_is_aware_and_goes_forward():
    clock = SystemClock()
    before = clock.monotonic()
    clock.sleep(0)
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() >= before


@pytest.mark.parametrize(
    ("fault", "transient"),
    [
        (FaultSpec("user.create", status=503), True),
        (FaultSpec("user.create", status=429, times=3), True),
        (FaultSpec("user.create", loses_answer=True, moment="after"), True),
        (FaultSpec("user.create", status=503, times=None), False),
        (FaultSpec("user.create", status=400), False),
    ],
)
def test_a_fault_is_transient_when_trying_again_gets_over_it(fault, transient):
    assert fault.transient is transient


def test_a_fault_is_written_in_the_words_of_the_control_api():
    description = FaultSpec("user.create", "ben", status=429, headers={"Retry-After": "2"}).as_dict()
    assert description == {
        "operation": "user.create",
        "entity": "ben",
        "moment": "before",
        "times": 1,
        "skip": 0,
        "status": 429,
        "headers": {"Retry-After": "2"},
        "loses_answer": False,
        "delay": 0.0,
        "name": "",
    }
