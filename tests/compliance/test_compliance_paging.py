"""Lists: a stable order, and a walk to the end that sees each resource once."""

from __future__ import annotations

import pytest


@pytest.fixture
def many(empty):
    empty.seed(
        users=[{"userName": f"user{i}", "externalId": f"x{i}", "email": f"u{i}@example.com"} for i in range(23)],
        groups=[{"displayName": f"group{i}", "externalId": f"g{i}"} for i in range(23)],
    )
    return empty


def listing(rig, kind):
    return rig.driver.list_users if kind == "users" else rig.driver.list_groups


def walk(rig, kind, size):
    """The ids of all pages, and the totals they told."""
    ids, totals, start = [], set(), 1
    while True:
        total, resources = rig.driver.page(rig.send(listing(rig, kind)(start, size)).json())
        totals.add(total)
        if not resources:
            return ids, totals
        ids += [each["id"] for each in resources]
        start += len(resources)


kinds = pytest.mark.parametrize("kind", ["users", "groups"])


@kinds
@pytest.mark.parametrize("size", [1, 7, 22, 23, 24, 100])
def test_a_walk_to_the_end_sees_each_resource_once_in_order_of_arrival(many, kind, size):
    ids, totals = walk(many, kind, size)
    assert ids == [each["id"] for each in many.snapshot()[kind]]
    assert totals == {23}


@kinds
def test_a_page_is_no_longer_than_what_was_asked_for(many, kind):
    assert len(many.driver.page(many.send(listing(many, kind)(3, 5)).json())[1]) == 5


@kinds
def test_a_page_past_the_end_is_empty_and_tells_the_total(many, kind):
    for start in (24, 10**9, 10**17):
        assert many.driver.page(many.send(listing(many, kind)(start, 5)).json()) == (23, [])


@kinds
def test_a_count_of_none_tells_the_total_alone(many, kind):
    assert many.driver.page(many.send(listing(many, kind)(1, 0)).json()) == (23, [])


@kinds
@pytest.mark.parametrize("start", [0, -1, -(10**9)])
def test_a_start_before_the_first_is_the_first(many, kind, start):
    assert many.send(listing(many, kind)(start, 5)).json() == many.send(listing(many, kind)(1, 5)).json()


def test_the_order_survives_changes(many):
    ids, _ = walk(many, "users", 10)
    many.done(many.driver.rename_user(ids[5], "Byron"))
    assert walk(many, "users", 10)[0] == ids


def test_a_deleted_resource_leaves_no_gap(many):
    ids, _ = walk(many, "groups", 10)
    many.done(many.driver.delete_group(ids[5]))
    assert walk(many, "groups", 10) == (ids[:5] + ids[6:], {22})


def test_a_new_resource_comes_last(many):
    id = many.add_user("zed")
    assert walk(many, "users", 10)[0][-1] == id


@kinds
@pytest.mark.parametrize("name, value", [("startIndex", "one"), ("count", "1e3"), ("count", "9" * 5000)])
def test_a_number_that_is_none_never_breaks_a_list(many, kind, name, value):
    ask = listing(many, kind)(1, 5)
    answer = many.session.get(many.url + ask.path, params={name: value}, headers=many.headers)
    assert answer.status_code in (200, 400)
    if answer.status_code == 400:
        many.driver.check_error(answer)
