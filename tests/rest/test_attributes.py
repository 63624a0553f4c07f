"""Attribute tables: what a body may write, and how documents are merged and queried."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.query.compile import compile_query
from provcheck.mock_targets.query.tree import Comparison
from provcheck.mock_targets.rest.attributes import Field, Table, merged
from provcheck.mock_targets.rest.core_mapping import Entries, InEntry, Parts, words_of
from provcheck.mock_targets.rest.errors import Invalid

FIELDS = (
    Field("login", required=True, format="email", max_length=20, core="userName"),
    Field("name", "object", fields=(Field("given", required=True, max_length=5, core="givenName"), Field("full"))),
    Field("password", mutability="writeOnly"),
    Field("made", mutability="readOnly"),
    Field("domain", mutability="immutable"),
    Field("active", "boolean"),
    Field("age", "integer"),
    Field("level", choices=("low", "high")),
    Field("phones", "list", max_length=60, fields=(Field("value"), Field("primary", "boolean"))),
)
TABLE = Table(FIELDS)
ADA = {"login": "ada@a.b"}


@pytest.mark.parametrize(
    ("body", "field", "flaw"),
    [
        ([], "", "type"),
        ({}, "login", "required"),
        ({"login": None}, "login", "required"),
        ({"login": 5}, "login", "type"),
        ({"login": "ada"}, "login", "format"),
        ({"login": f"{'a' * 30}@b.c"}, "login", "too_long"),
        ({**ADA, "name": {"full": "x"}}, "name.given", "required"),
        ({**ADA, "name": {"given": "longer"}}, "name.given", "too_long"),
        ({**ADA, "name": "Ada"}, "name", "type"),
        ({**ADA, "active": "true"}, "active", "type"),
        ({**ADA, "age": True}, "age", "type"),
        ({**ADA, "age": 2**70}, "age", "range"),
        ({**ADA, "level": "middle"}, "level", "choice"),
        ({**ADA, "phones": {}}, "phones", "type"),
        ({**ADA, "phones": ["1"]}, "phones", "type"),
        ({**ADA, "phones": [{"primary": "yes"}]}, "phones.primary", "type"),
        ({**ADA, "phones": [{"value": "1" * 80}]}, "phones", "too_long"),
    ],
)
def test_a_value_that_a_field_cannot_take_is_refused_by_its_path(body, field, flaw):
    with pytest.raises(Invalid) as refused:
        TABLE.read(body, creating=True)
    assert (refused.value.field, refused.value.flaw) == (field, flaw)


@pytest.mark.parametrize(
    ("attitude", "read"), [("ignore", {**ADA}), ("keep", {**ADA, "colour": "red", "made": "now"}), ("refuse", None)]
)
def test_unknown_and_read_only_fields_are_passed_over_kept_or_refused(attitude, read):
    table = Table(FIELDS, unknown=attitude, read_only=attitude)
    body = {**ADA, "colour": "red", "made": "now"}
    if read is None:
        with pytest.raises(Invalid, match="no such field"):
            table.read(body, creating=True)
    else:
        assert table.read(body, creating=True) == read


def test_an_immutable_field_is_written_by_a_create_alone():
    assert TABLE.read({**ADA, "domain": "d"}, creating=True)["domain"] == "d"
    assert TABLE.read({"domain": "d"}, creating=False) == {}


def test_an_empty_text_clears_where_the_table_says_so():
    assert Table(FIELDS, empty_clears=True).read({"level": ""}, creating=False) == {"level": None}


def test_merging_replaces_lists_enters_objects_and_clears_by_null():
    before = {"name": {"given": "Ada", "full": "Ada L"}, "phones": [{"value": "1"}], "level": "low"}
    after = merged(before, {"name": {"given": "Eva"}, "phones": [], "level": None})
    assert after == {"name": {"given": "Eva", "full": "Ada L"}, "phones": []}
    assert before["name"]["given"] == "Ada"
    assert merged(before, {"phones": None}, keeps=lambda name: name == "phones") == before


@pytest.mark.parametrize(
    ("path", "value", "found"),
    [("login", "ADA@A.B", True), ("name.given", "ada", True), ("phones.value", "2", True), ("level", "low", False)],
)
def test_queries_follow_the_fields_of_the_table(path, value, found):
    document = {**ADA, "name": {"given": "Ada"}, "phones": [{"value": "1"}, {"value": "2"}]}
    assert compile_query(Comparison(path, "eq", value), TABLE).matches(document) is found


def test_the_core_mapping_is_drawn_from_the_table():
    places = {
        "email": InEntry("emails", "address", {"type": "work"}),
        "phoneNumbers": Entries("phones", {"value": "value", "type": "kind"}),
        "address": Parts("addresses", {"locality": "town"}, {"type": "work"}),
    }
    words = words_of(TABLE, places=places, defaults={"userName": "nobody"})
    said = {"userName": "a@b.c", "givenName": "Ada", "email": "x@y.z", "phoneNumbers": [{"value": "1"}]}
    document = words.write({**said, "address": {"locality": "Paris"}})
    assert document == {
        "login": "a@b.c",
        "name": {"given": "Ada"},
        "emails": [{"type": "work", "address": "x@y.z"}],
        "phones": [{"value": "1"}],
        "addresses": [{"type": "work", "town": "Paris"}],
    }
    assert words.read(document) == {**said, "address": {"locality": "Paris"}}
    cleared = words.write(dict.fromkeys(("email", "phoneNumbers", "address")), document)
    assert cleared == {"login": "a@b.c", "name": {"given": "Ada"}}
    assert words.hidden == {"password"}
