"""What a list view reads and writes in list answers of different layouts, and how it asks for other pages."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.query.list_view import ListView
from provcheck.mock_targets.scim.list_view import SCIM_LIST_VIEW

BY_PAGE = ListView(rows="data.items", total="data.total", filters=("email", "q"), page_parameter="page", first=0)
BY_TOKEN = ListView(rows="users", next="paging.next", token_parameter="page_token")
BARE = ListView(rows="")


@pytest.mark.parametrize(
    ("view", "body", "rows"),
    [
        (SCIM_LIST_VIEW, {"Resources": [1, 2], "totalResults": 9}, [1, 2]),
        (BY_PAGE, {"data": {"items": [1], "total": 9}}, [1]),
        (BARE, [1, 2], [1, 2]),
        (BARE, {"id": "7"}, None),
        (SCIM_LIST_VIEW, {"id": "7"}, None),
        (BY_PAGE, {"data": "no list"}, None),
    ],
)
def test_rows_are_found_wherever_the_layout_has_them(view, body, rows):
    assert view.rows_of(body) == rows


def test_other_rows_bring_their_count_and_leave_the_answer_given_alone():
    body = {"Resources": [1, 2], "totalResults": 9, "itemsPerPage": 2, "startIndex": 3}
    assert SCIM_LIST_VIEW.with_rows(body, [1], 8) == {
        "Resources": [1], "totalResults": 8, "itemsPerPage": 1, "startIndex": 3,
    }  # fmt: skip
    assert body["Resources"] == [1, 2]


def test_nested_rows_keep_what_is_beside_them():
    body = {"data": {"items": [1], "total": 9, "kind": "x"}, "ok": True}
    assert BY_PAGE.with_rows(body, [], 0) == {"data": {"items": [], "total": 0, "kind": "x"}, "ok": True}


def test_a_total_is_not_added_where_the_api_says_none():
    assert BY_TOKEN.with_rows({"users": [1]}, [], 0) == {"users": []}


def test_an_answer_can_be_made_that_of_the_last_page():
    body = {"users": [1], "paging": {"next": "abc", "size": 1}}
    assert BY_TOKEN.next_of(body) == "abc"
    assert BY_TOKEN.without_next(body) == {"users": [1], "paging": {"size": 1}}


@pytest.mark.parametrize(
    ("view", "query", "is_first"),
    [
        (SCIM_LIST_VIEW, {}, True),
        (SCIM_LIST_VIEW, {"startIndex": "1"}, True),
        (SCIM_LIST_VIEW, {"startIndex": "2"}, False),
        (SCIM_LIST_VIEW, {"cursor": "x"}, False),
        (SCIM_LIST_VIEW, {"startIndex": "9" * 5000}, True),
        (BY_PAGE, {"page": "0"}, True),
        (BY_PAGE, {"page": "1"}, False),
        (BY_TOKEN, {"page_token": ""}, True),
    ],
)
def test_the_first_page_is_told_from_later_ones(view, query, is_first):
    assert view.is_first(query) is is_first


def test_each_style_of_paging_asks_in_its_own_way():
    assert SCIM_LIST_VIEW.shifted({"startIndex": "3"}, -1) == {"startIndex": "2"}
    assert SCIM_LIST_VIEW.shifted({"startIndex": "1"}, -1) == {"startIndex": "1"}
    assert BY_PAGE.shifted({"page": "2"}, -1) is None
    assert BY_PAGE.page_before({"page": "2"}) == {"page": "1"}
    assert BY_TOKEN.first_page() == {"page_token": None}
    assert BY_PAGE.unfiltered() == {"email": None, "q": None}


@pytest.mark.parametrize(("path", "belongs"), [("totalResults", True), ("Resources", True), ("userName", False)])
def test_words_of_the_list_are_told_from_attributes_of_its_rows(path, belongs):
    assert SCIM_LIST_VIEW.is_envelope(path) is belongs
