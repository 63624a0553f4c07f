"""The directory in memory: documents, unique values, order and versions."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.directory import (
    Conflict,
    IndexSpec,
    MemoryDirectory,
    NotFound,
    UnknownMember,
    exact,
    folded,
)
from provcheck.mock_targets.ids import IdMaker

KINDS = {
    "User": (
        IndexSpec("name", lambda d: [d["name"]], key=folded, unique=True),
        IndexSpec("tag", lambda d: d.get("tags", []), key=exact),
    ),
    "Group": (),
}


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def directory(clock: VirtualClock) -> MemoryDirectory:
    ids = IdMaker(seed=1)
    return MemoryDirectory(KINDS, now=clock.now, make_id=lambda kind: kind + ids.code(4))


def test_what_was_added_is_found_by_id(directory):
    record = directory.add("User", {"name": "Ada"})
    assert directory.get("User", record.id) is record
    assert (record.version, record.kind) == (1, "User")


def test_an_id_can_be_given(directory):
    assert directory.add("User", {"name": "Ada"}, id="u1").id == "u1"


def test_a_taken_id_is_a_conflict(directory):
    directory.add("Group", {}, id="x")
    with pytest.raises(Conflict):
        directory.add("User", {"name": "Ada"}, id="x")


def test_an_unknown_id_is_not_found(directory):
    with pytest.raises(NotFound, match="nobody"):
        directory.get("User", "nobody")


def test_a_user_id_is_not_found_among_groups(directory):
    user = directory.add("User", {"name": "Ada"})
    with pytest.raises(NotFound):
        directory.get("Group", user.id)


@pytest.mark.parametrize("asked", ["Ada", "ada", "ADA"])
def test_a_folded_index_finds_any_spelling(directory, asked):
    user = directory.add("User", {"name": "Ada"})
    assert directory.find("User", "name", asked) == [user]


def test_an_exact_index_finds_one_spelling_only(directory):
    user = directory.add("User", {"name": "Ada", "tags": ["Vip"]})
    assert directory.find("User", "tag", "Vip") == [user]
    assert directory.find("User", "tag", "vip") == []


def test_an_index_that_is_not_unique_keeps_the_order_of_arrival(directory):
    first, second, third = (directory.add("User", {"name": name, "tags": ["t"]}) for name in ("c", "a", "b"))
    directory.remove("User", second.id)
    assert directory.find("User", "tag", "t") == [first, third]


def test_a_unique_value_conflicts_whatever_its_case(directory):
    ada = directory.add("User", {"name": "Ada"})
    with pytest.raises(Conflict) as caught:
        directory.add("User", {"name": "ADA"})
    assert (caught.value.index, caught.value.value, caught.value.holder_id) == ("name", "ADA", ada.id)
    assert directory.count("User") == 1


def test_a_change_makes_a_version_and_moves_the_index(directory, clock):
    ada = directory.add("User", {"name": "Ada"})
    clock.sleep(60)
    changed = directory.change("User", ada.id, {"name": "Countess"})
    assert changed.version == 2
    assert changed.modified - changed.created == timedelta(minutes=1)
    assert directory.find("User", "name", "ada") == []
    assert directory.find("User", "name", "countess") == [changed]


def test_an_equal_document_makes_no_version(directory):
    ada = directory.add("User", {"name": "Ada"})
    assert directory.change("User", ada.id, {"name": "Ada"}) is ada


def test_a_refused_change_leaves_everything_as_it_was(directory):
    ada, bob = directory.add("User", {"name": "Ada"}), directory.add("User", {"name": "Bob", "tags": ["t"]})
    with pytest.raises(Conflict):
        directory.change("User", bob.id, {"name": "ada", "tags": ["other"]})
    assert directory.get("User", bob.id) is bob
    assert directory.find("User", "tag", "t") == [bob]
    assert directory.find("User", "name", "ada") == [ada]


def test_the_own_value_is_no_conflict(directory):
    ada = directory.add("User", {"name": "Ada"})
    assert directory.change("User", ada.id, {"name": "ADA"}).document == {"name": "ADA"}


def test_a_removed_name_is_free_again(directory):
    ada = directory.add("User", {"name": "Ada"})
    directory.remove("User", ada.id)
    assert directory.add("User", {"name": "Ada"}).id != ada.id


def test_removing_twice_is_not_found(directory):
    ada = directory.add("User", {"name": "Ada"})
    directory.remove("User", ada.id)
    with pytest.raises(NotFound):
        directory.remove("User", ada.id)


def test_pages_keep_their_order_after_a_removal(directory):
    users = [directory.add("User", {"name": f"u{i}"}) for i in range(6)]
    directory.remove("User", users[2].id)
    names = [[record.document["name"] for record in directory.page("User", start, 2)] for start in (0, 2, 4)]
    assert names == [["u0", "u1"], ["u3", "u4"], ["u5"]]


def test_a_page_beyond_the_end_is_empty(directory):
    directory.add("User", {"name": "Ada"})
    assert directory.page("User", 5, 10) == []


def test_walking_all_is_not_disturbed_by_removals(directory):
    users = [directory.add("User", {"name": f"u{i}"}) for i in range(3)]
    seen = []
    for record in directory.all("User"):
        directory.remove("User", record.id)
        seen.append(record)
    assert seen == users


def test_a_membership_is_seen_from_both_sides(directory):
    user, group = directory.add("User", {"name": "Ada"}), directory.add("Group", {})
    assert directory.relate(group.id, user.id, {"display": "A"}) is True
    assert dict(directory.members(group.id)) == {user.id: {"display": "A"}}
    assert directory.groups(user.id) == [group]


def test_relating_twice_changes_nothing(directory):
    user, group = directory.add("User", {"name": "Ada"}), directory.add("Group", {})
    directory.relate(group.id, user.id)
    assert directory.relate(group.id, user.id) is False


def test_unrelating_what_is_not_related_changes_nothing(directory):
    user, group = directory.add("User", {"name": "Ada"}), directory.add("Group", {})
    assert directory.unrelate(group.id, user.id) is False
    directory.relate(group.id, user.id)
    assert directory.unrelate(group.id, user.id) is True
    assert list(directory.members(group.id)) == []
    assert directory.groups(user.id) == []


@pytest.mark.parametrize("pair", [("g", "nobody"), ("nothing", "u")])
def test_a_membership_needs_both_ends(directory, pair):
    directory.add("User", {"name": "Ada"}, id="u")
    directory.add("Group", {}, id="g")
    with pytest.raises(UnknownMember):
        directory.relate(*pair)


def test_deleting_a_user_ends_its_memberships_and_touches_its_groups(directory):
    user, group = directory.add("User", {"name": "Ada"}), directory.add("Group", {})
    directory.relate(group.id, user.id)
    directory.remove("User", user.id)
    assert list(directory.members(group.id)) == []
    assert directory.get("Group", group.id).version == 2


def test_deleting_a_group_ends_its_memberships(directory):
    user, group = directory.add("User", {"name": "Ada"}), directory.add("Group", {})
    directory.relate(group.id, user.id)
    directory.remove("Group", group.id)
    assert directory.groups(user.id) == []


def test_a_touch_makes_a_version_of_the_same_document(directory):
    group = directory.add("Group", {"a": 1})
    touched = directory.touch("Group", group.id)
    assert (touched.version, touched.document) == (2, group.document)


def test_reset_forgets_everything(directory):
    user, group = directory.add("User", {"name": "Ada"}), directory.add("Group", {})
    directory.relate(group.id, user.id)
    directory.reset()
    assert directory.count("User") == directory.count("Group") == 0
    assert directory.find("User", "name", "ada") == []
    assert directory.locate(user.id) is None


def test_a_unique_name_is_given_once_among_many_threads(directory):
    outcomes: list[bool] = []

    def add() -> None:
        try:
            directory.add("User", {"name": "Ada"})
            outcomes.append(True)
        except Conflict:
            outcomes.append(False)

    threads = [threading.Thread(target=add) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(True) == 1
    assert directory.count("User") == 1
