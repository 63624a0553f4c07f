"""Statements that drivers and connectors send, read by each grammar and run over a small directory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provcheck.mock_targets.query import encoded_query, odata, soql
from provcheck.mock_targets.query.compile import compile_query
from provcheck.mock_targets.query.errors import BadQuery
from provcheck.mock_targets.query.tree import Comparison, Query
from provcheck.mock_targets.rest.attributes import Field, Table

TABLE = Table(
    (
        Field("id"),
        Field("name"),
        Field("mail"),
        Field("active", "boolean"),
        Field("created", format="date-time"),
        Field("addresses", "list"),
        Field("owners", "list", fields=(Field("id"),)),
    )
)
PEOPLE: tuple[dict[str, Any], ...] = (
    {"id": "1", "name": "Ann", "mail": "ann@a.example", "active": True, "created": "2024-01-01T00:00:00Z",
     "addresses": ["SMTP:ann@a.example"], "owners": [{"id": "2"}]},
    {"id": "2", "name": "Bob O'Neil", "mail": "bob@b.example", "active": False, "created": "2025-01-01T00:00:00Z"},
    {"id": "3", "name": "Cleo^2", "active": True, "created": "2026-01-01T00:00:00Z", "addresses": ["x:c@c.example"]},
)  # fmt: skip


def found(query: Query) -> str:
    """The ids of those whom a query finds, one after another."""
    matches = compile_query(query, TABLE).matches
    return "".join(each["id"] for each in PEOPLE if matches(each))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("name eq 'Ann' and mail eq 'ann@a.example'", "1"),
        ("name eq 'Bob O''Neil'", "2"),
        ("startsWith(name,'b') or endsWith(mail, 'a.example')", "12"),
        ("contains(name,'neil')", "2"),
        ("id in ('1', '3')", "13"),
        ("active ne true", "2"),
        ("not (active eq true)", "2"),
        ("NOT (id in ('1')) AND active eq TRUE", "3"),
        ("mail eq null", "3"),
        ("mail ne null", "12"),
        ("created ge 2025-01-01T00:00:00Z", "23"),
        ("addresses/any(p:startsWith(p,'SMTP:'))", "1"),
        ("addresses/any(a:a eq 'x:c@c.example') or owners/any(o:o/id eq '2')", "13"),
        ("id eq '1' or id eq '2' and active eq true", "1"),
        ("(id eq '1' or id eq '2') and active eq false", "2"),
    ],
)
def test_an_odata_filter_finds(text: str, ids: str) -> None:
    assert found(odata.read_filter(text)) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("name = 'Ann'", "1"),
        (r"name = 'Bob O\'Neil'", "2"),
        ("mail IN ('ann@a.example',)", "1"),
        ("id IN ('1','3') AND active = true", "13"),
        ("id NOT IN ('1','3')", "2"),
        ("name LIKE 'a%' OR name LIKE '%neil'", "12"),
        ("name like '%leo%'", "3"),
        ("(NOT active = true) and mail != null", "2"),
        ("mail = null", "3"),
        ("created > 2024-06-01T00:00:00Z AND created <= 2025-01-01T00:00:00+00:00", "2"),
    ],
)
def test_a_soql_condition_finds(text: str, ids: str) -> None:
    where = soql.read_statement(f"SELECT id FROM User WHERE {text} ORDER BY name LIMIT 10").where
    assert where is not None
    assert found(where) == ids


def test_a_soql_statement_has_columns_counts_and_sub_selects() -> None:
    read = soql.read_statement
    assert read("SELECT COUNT() FROM User").columns == (soql.Count(None),)
    assert read("select count(Id) from Account").columns == (soql.Count("Id"),)
    nested = soql.Statement(("Name",), "Opportunities")
    assert read("select FirstName,(select Name from Opportunities) from Contact") == soql.Statement(
        ("FirstName", nested), "Contact"
    )
    assert read("SELECT Id, Profile.Name FROM User ORDER BY Name DESC NULLS LAST, Id LIMIT 5 OFFSET 2") == (
        soql.Statement(("Id", "Profile.Name"), "User", None, (soql.Order("Name", True), soql.Order("Id", False)), 5, 2)
    )


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("name=Ann", "1"),
        ("active=true^nameSTARTSWITHa^ORmailISEMPTY^ORDERBYname", "13"),
        ("mailISNOTEMPTYNone", "12"),
        ("id>1^ORDERBYid", "23"),
        ("idIN1,3^nameLIKEn", "1"),
        ("idNOT IN1,3", "2"),
        ("name=Ann^NQactive=false", "12"),
        ("mailENDSWITHb.example^nameNOT LIKEx", "2"),
        ("name=Cleo^^2", "3"),
        ("mail=", "3"),
    ],
)
def test_an_encoded_query_finds(text: str, ids: str) -> None:
    read = encoded_query.read_query(text)
    assert read.where is not None
    assert not read.ignored
    assert found(read.where) == ids


def test_an_encoded_query_lists_its_order_and_what_it_cannot_read() -> None:
    read = encoded_query.read_query("nonsense^ORDERBYDESCname^ORDERBYid^name=Ann")
    assert read.order == (("name", True), ("id", False))
    assert read.ignored == ("nonsense",)
    assert read.where == Comparison("name", "eq", "Ann")


def test_an_odata_order_names_paths_and_directions() -> None:
    assert odata.read_order("name/family desc, id") == (("name.family", True), ("id", False))
    with pytest.raises(BadQuery):
        odata.read_order("name sideways")


def test_a_mistake_is_reported_with_its_position() -> None:
    with pytest.raises(BadQuery) as caught:
        odata.read_filter("name eq 'a' nonsense")
    assert (caught.value.flaw, caught.value.position) == ("syntax", 12)
    with pytest.raises(BadQuery) as caught:
        soql.read_statement("SELECT Id FROM")
    assert (caught.value.flaw, caught.value.position) == ("incomplete", 14)


@pytest.mark.parametrize(
    "read", [odata.read_filter, lambda text: soql.read_statement(f"SELECT Id FROM A WHERE {text}")]
)
@pytest.mark.parametrize(
    "text", ["(" * 10_000, "a" * 100_000, "not (" * 10_000, "(" * 10_000 + ")" * 10_000], ids=range(4)
)
def test_hostile_queries_are_refused_as_too_large(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(BadQuery) as caught:
        read(text)
    assert caught.value.flaw == "too_large"


def test_a_number_of_any_length_is_read_or_refused() -> None:
    with pytest.raises(BadQuery):
        soql.read_statement(f"SELECT Id FROM A WHERE b = {'1' * 6000}")
    assert odata.read_filter(f"b eq {'1' * 6000}") == Comparison("b", "eq", "1" * 6000)


@given(st.text(max_size=40))
def test_every_text_survives_quoting(value: str) -> None:
    doubled, escaped = value.replace("'", "''"), value.replace("\\", "\\\\").replace("'", "\\'")
    assert odata.read_filter(f"name eq '{doubled}'") == Comparison("name", "eq", value)
    assert soql.read_statement(f"SELECT Id FROM A WHERE name = '{escaped}'").where == Comparison("name", "eq", value)
    if value:
        encoded = value.replace("^", "^^")
        assert encoded_query.read_query(f"name={encoded}").where == Comparison("name", "eq", value)


@given(st.text(alphabet="ab'()/:,= ^\\%eqnotinORSELECTFROMWHERE", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (odata.read_filter, soql.read_statement, encoded_query.read_query):
        try:
            result: object = read(text)
        except BadQuery as error:
            result = error.detail
        assert result
