"""The state between two runs: restarts, atomic replacement, and files that are not what they should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provcheck.harness.client import BadState, StateStore
from provcheck.harness.client.state import Base, GroupState, Orphan, SyncState, UserState
from provcheck.harness.model.population import Population
from tests.client.provisioning_rig import Rig, changed, people, person, team


def full_state() -> SyncState:
    state = SyncState(last_sync="2025-06-04T09:00:00+00:00", failure="because", shows_members=True)
    state.users["a"] = UserState(Base.SYNCED, stale=True, wanted={"userName": "a", "active": False}, written={"x": "y"})
    state.link("a", "r-1")
    state.users["b"] = UserState(Base.FAILED, retry=True, reason="HTTP 500", echo={"title": None}, ignored=["title"])
    state.groups["g"] = GroupState(Base.FAILED, "r-2", "G", created=True, members={"a"}, waiting={"b"})
    state.groups["g"].refused["c"] = "HTTP 403"
    state.left["y"], state.planned["p"] = "r-8", {"userName": "p"}
    state.orphans.append(Orphan("user", "z", "r-9", "disable", "HTTP 403"))
    state.orphans.append(Orphan("user", "q", "", "disable", "", sought={"userName": "\ud800"}))
    return state


def test_a_state_survives_the_way_through_a_file(tmp_path: Path) -> None:
    store = StateStore(tmp_path / "state.json")
    store.save(full_state())
    assert store.load() == full_state()


def test_without_a_file_there_is_a_fresh_state(tmp_path: Path) -> None:
    assert StateStore(tmp_path / "none.json").load() == SyncState()


def test_a_restarted_client_goes_on_where_the_last_one_stopped(tmp_path: Path) -> None:
    rig = Rig()
    rig.store = StateStore(tmp_path / "state.json")
    rig.restart()
    population = Population((person("ada"), person("bob")), (team("g", "ada"),))
    rig.client.apply(population)
    before, status = rig.client.summary(), rig.client.status()
    rig.restart()
    since = rig.mark()
    assert (rig.client.summary(), rig.client.status()) == (before, status)
    rig.client.apply(population)
    assert rig.writes(since) == []
    rig.client.apply(changed(population, "ada", family_name="Byron"))
    assert rig.writes(since) == ["user.update"]


def test_stale_and_failed_and_orphans_survive_a_restart(tmp_path: Path) -> None:
    rig = Rig()
    rig.store = StateStore(tmp_path / "state.json")
    rig.restart()
    rig.client.apply(people("ada", "bob", "carl"))
    rig.configure(update_users=False)
    rig.target.flags.allows_disable_users = False
    rig.client.apply(changed(people("ada", "bob"), "ada", family_name="Byron"))
    rig.restart()
    assert rig.users == {"impacted": 2, "success": 2, "partially_synced": 1}
    assert [orphan.source_id for orphan in rig.client.orphans()] == ["carl"]


class Killed(BaseException):
    """The process ends between two requests."""


@pytest.mark.parametrize("after", range(1, 24))
def test_a_client_that_is_killed_after_any_request_converges_without_duplicates(after: int) -> None:
    rig = Rig()
    population = Population(
        tuple(person(name) for name in ("ada", "bob", "carl")), (team("g", "ada", "bob"), team("h"))
    )
    rig.client.apply(people("ada", "old"))
    adapter = rig.session.get_adapter(rig.target.base_url)
    send, count = adapter.send, [0]

    def deadly(*args: object, **options: object) -> object:
        answer = send(*args, **options)
        count[0] += 1
        if count[0] == after:
            raise Killed
        return answer

    adapter.send = deadly
    try:
        rig.client.apply(changed(population, "ada", family_name="Byron"))
    except Killed:
        adapter.send = send
        rig.restart()
        rig.client.apply(changed(population, "ada", family_name="Byron"))
    adapter.send = send
    assert sorted(each["userName"] for each in rig.target.snapshot()["users"]) == ["ada", "bob", "carl", "old"]
    assert rig.account("ada")["familyName"] == "Byron"
    assert rig.account("old")["active"] is False
    assert rig.members("Group g") == {"ada", "bob"}
    assert rig.users == {"impacted": 3, "success": 3}
    assert rig.groups == {"impacted": 2, "success": 2}


def test_a_state_is_replaced_whole_and_only_for_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    StateStore(path).save(full_state())
    StateStore(path).save(SyncState())
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_state_that_cannot_be_written_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    store = StateStore(path)
    store.save(full_state())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BadState, match="No space left"):
        store.save(SyncState())
    assert store.load() == full_state()


STATE = full_state().to_document()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", ""),
        ("{", ""),
        ("\x00\xff", ""),
        ("[" * 100_000, ""),
        ("[]", "the state is an object, not []"),
        ("null", "the state is an object, not null"),
        ("{}", "the state needs version"),
        (json.dumps({**STATE, "version": 99}), "version 99, this client reads 1"),
        (json.dumps({"version": 1}), "the state needs users"),
        (json.dumps({**STATE, "users": {"a": {"base": "wonderful"}}}), "users.a.base is one of pending, synced"),
        (json.dumps({**STATE, "users": {"a": {"unknown": 1}}}), "the state: users.a has no 'unknown'; it has base"),
        (json.dumps({**STATE, "users": {"a": {"remote_id": 5}}}), "users.a.remote_id is a text, not 5"),
        (json.dumps({**STATE, "users": {"a": {"retry": "no"}}}), "users.a.retry is true or false, not 'no'"),
        (json.dumps({**STATE, "groups": []}), "groups is an object, not []"),
        (json.dumps({**STATE, "groups": {"g": {"members": {}}}}), "groups.g.members is a list, not {}"),
        (json.dumps({**STATE, "orphans": [{}]}), "orphans[0] needs kind"),
        (json.dumps({**STATE, "orphans": 5}), "orphans is a list, not 5"),
    ],
)
def test_a_file_that_is_no_state_is_an_error_and_never_an_empty_state(
    tmp_path: Path, content: str, reason: str
) -> None:
    path = tmp_path / "state.json"
    path.write_text(content, encoding="latin-1")
    with pytest.raises(BadState, match=r"state\.json: is not a state of this client") as refusal:
        StateStore(path).load()
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert path.read_text(encoding="latin-1") == content


def test_a_state_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    orphan = {"kind": "user", "source_id": "z", "action": "disable", "reason": "HTTP 403"}
    older = {key: value for key, value in STATE.items() if key not in ("unfinished", "shows_groups")}
    (tmp_path / "state.json").write_text(json.dumps({**older, "orphans": [orphan]}), encoding="utf-8")
    assert StateStore(tmp_path / "state.json").load().orphans == [Orphan("user", "z", "", "disable", "HTTP 403")]


def test_a_directory_in_the_place_of_the_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadState, match="directory"):
        StateStore(tmp_path).load()


def test_two_syncs_with_one_state_do_not_run_at_once(tmp_path: Path) -> None:
    first, second = StateStore(tmp_path / "state.json"), StateStore(tmp_path / "state.json")
    with first.locked(), pytest.raises(BadState, match="another sync with this state is running"), second.locked():
        pass
    with second.locked():
        assert second.load() == SyncState()


def test_a_link_that_was_laid_beside_the_state_is_not_followed(tmp_path: Path) -> None:
    store, precious = StateStore(tmp_path / "state.json"), tmp_path / "precious"
    precious.write_text("as it was", encoding="utf-8")
    for name in (".state.json.new", ".state.json.lock"):
        (tmp_path / name).symlink_to(precious)
    store.save(full_state())
    with pytest.raises(BadState), store.locked():
        pass
    assert precious.read_text(encoding="utf-8") == "as it was"
