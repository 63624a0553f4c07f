"""Masks of fields: partial answers."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.rest.errors import Invalid
from provcheck.mock_targets.rest.fields import masked, names_mask, parse_mask

LIST = {"kind": "people", "next": "t", "people": [{"id": "1", "name": {"given": "Ada", "family": "L"}, "on": True}]}


@pytest.mark.parametrize(
    ("mask", "left"),
    [
        ("kind", {"kind": "people"}),
        ("next, kind", {"kind": "people", "next": "t"}),
        ("people/id", {"people": [{"id": "1"}]}),
        ("people(id,name/given)", {"people": [{"id": "1", "name": {"given": "Ada"}}]}),
        ("people(id,name(given)),kind", {"kind": "people", "people": [{"id": "1", "name": {"given": "Ada"}}]}),
        ("people(name/given,on)", {"people": [{"name": {"given": "Ada"}, "on": True}]}),
        ("people/*/family", {"people": [{"id": "1", "name": {"family": "L"}, "on": True}]}),
        ("*", LIST),
        ("nothing", {}),
    ],
)
def test_a_mask_leaves_what_it_names(mask, left):
    assert masked(LIST, parse_mask("fields", mask)) == left


@pytest.mark.parametrize(
    "mask", ["", ",", "a,", "a(b", "a)", "(a)", "a/", "/a", "a b(", "a(b)c", "a;b", "a(" * 50, "()"]
)
def test_a_mask_that_cannot_be_read_is_refused(mask):
    with pytest.raises(Invalid):
        parse_mask("fields", mask)


def test_a_list_of_names_is_a_mask():
    assert masked({"id": 1, "name": 2, "x": 3}, names_mask("id, name,,")) == {"id": 1, "name": 2}
