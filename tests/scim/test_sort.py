"""Sorting: how values compare, and where resources without a value go."""

from dataclasses import dataclass

import pytest

from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN, standard_catalog
from provcheck.mock_targets.scim.errors import InvalidValue, Sensitive
from provcheck.mock_targets.scim.sort import compile_sort, is_descending

USERS, GROUPS = standard_catalog().user, standard_catalog().group


@dataclass(frozen=True)
class Item:
    document: dict
    kind: str = "User"


def order(sort_by, documents, *, descending=False):
    items = [Item(document) for document in documents]
    put = compile_sort(sort_by, [USERS], view_of=lambda item: item.document, descending=descending)
    return [item.document for item in put(items)]


@pytest.mark.parametrize(
    "sort_by,documents",
    [
        ("userName", [{"userName": "Ann"}, {"userName": "bob"}, {"userName": "Cid"}]),
        ("externalId", [{"externalId": "Z"}, {"externalId": "a"}]),
        ("name.familyName", [{"name": {"familyName": "a"}}, {"name": {"familyName": "B"}}, {"name": {}}]),
        ("emails", [{"emails": [{"value": "z"}, {"value": "a", "primary": True}]}, {"emails": [{"value": "b"}]}, {}]),
        ("emails.type", [{"emails": [{"type": "home"}]}, {"emails": [{"type": "work"}]}]),
        (
            "meta.created",
            [{"meta": {"created": "2011-08-01T20:00:00+02:00"}}, {"meta": {"created": "2011-08-01T19:00:00Z"}}],
        ),
        ("active", [{"active": False}, {"active": True}, {}]),
        (f"{ENTERPRISE_URN}:manager", [{ENTERPRISE_URN: {"manager": {"value": "1"}}}, {ENTERPRISE_URN: {}}]),
    ],
)
def test_resources_are_put_in_order(sort_by, documents):
    assert order(sort_by, documents[::-1]) == documents
    assert order(sort_by, documents, descending=True)[0] == documents[-1]


def test_equals_keep_their_order_either_way():
    documents = [{"title": "x", "n": 1}, {"title": "X", "n": 2}]
    assert order("title", documents) == order("title", documents, descending=True) == documents


def test_a_kind_without_the_attribute_counts_as_without_a_value():
    items = [Item({"displayName": "a"}, "Group"), Item({"userName": "b"})]
    put = compile_sort("userName", [USERS, GROUPS], view_of=lambda item: item.document)
    assert put(items) == items[::-1]


@pytest.mark.parametrize("sort_by", ["unknown", "name", "", ENTERPRISE_URN, "addresses"])
def test_what_nothing_can_be_sorted_by_is_refused(sort_by):
    with pytest.raises(InvalidValue):
        order(sort_by, [])


def test_a_password_orders_nothing():
    with pytest.raises(Sensitive):
        order("password", [])


@pytest.mark.parametrize("word,descending", [(None, False), ("", False), ("ascending", False), ("Descending", True)])
def test_the_order_is_a_word(word, descending):
    assert is_descending(word) is descending


def test_another_word_is_refused():
    with pytest.raises(InvalidValue):
        is_descending("upwards")
