"""Random changes of source, switches and faults: the counters are right at every checkpoint, recovery syncs all."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from provcheck.harness.model.population import Population
from provcheck.harness.model.summary import Counters
from tests.client.provisioning_rig import Rig, person, team

NAMES = [f"user{number}" for number in range(6)]
GROUPS = ["g", "h", "i"]
FAULTS = [
    {"status": 429, "headers": {"Retry-After": "5"}},
    {"status": 429},
    {"status": 500},
    {"status": 503, "headers": {"Retry-After": "2"}},
    {"status": 403},
    {"status": 409},
    {"status": 401},
    {"loses_answer": True},
    {"loses_answer": True, "moment": "after"},
    {"status": 500, "moment": "after"},
    {"truncates_at": 9, "moment": "after"},
]
OPERATIONS = ["*", "user.*", "user.create", "user.update", "user.list", "group.*", "member.add", "member.remove"]
SETUPS = [
    {"target": "scim"},
    {"target": "scim", "flags": {"membership_style": "user"}, "membership_style": "user"},
    {"target": "scim", "flags": {"supports_patch": False}, "group_membership_handling": "Overwrite"},
    {
        "target": "scim",
        "flags": {"answers_user_patch_with_body": False, "answers_group_patch_with_body": False},
        "remove_action": "Delete",
    },
    {"target": "scim", "members_per_request": 2, "group_membership_handling": "Overwrite"},
    {"target": "slack"},
    {"target": "github_emu", "remove_action": "Delete"},
]


class Walk:
    """One random life."""

    def __init__(self, seed: int) -> None:
        self.seeded = random.Random(seed)
        self.rig = Rig(**SETUPS[seed % len(SETUPS)])
        self.source = Population(tuple(person(name) for name in NAMES[:3]), (team("g", *NAMES[:2]),))

    def step(self) -> None:
        """Something happens at the source, at the connection or at the target; then a run."""
        seeded, rig = self.seeded, self.rig
        for _ in range(seeded.randint(1, 3)):
            self.edit()
        if seeded.random() < 0.3:
            switch = seeded.choice(["create_users", "update_users", "disable_users", "deprovision_users"])
            rig.configure(**{switch: seeded.random() < 0.6})
        if seeded.random() < 0.5:
            fault = seeded.choice(FAULTS)
            rig.target.faults.arm(
                seeded.choice(OPERATIONS), times=seeded.randint(1, 4), skip=seeded.randint(0, 3), **fault
            )
        if seeded.random() < 0.15:
            rig.restart()
        (rig.client.resync if seeded.random() < 0.2 else rig.client.apply)(self.source)

    def edit(self) -> None:
        """One change of the source."""
        seeded, source = self.seeded, self.source
        name = seeded.choice(NAMES)
        if name not in source.users_by_id:
            self.source = source.with_user(person(name))
            return
        kind = seeded.choice(["change", "off", "leave", "join", "join", "part", "group", "rename", "drop"])
        if kind in ("change", "off"):
            fields = {"family_name": seeded.choice("ABCD")} if kind == "change" else {"active": seeded.random() < 0.5}
            self.source = source.with_user(replace(source.user(name), **fields))
        elif kind == "leave" and len(source.users) > 2:
            self.source = source.without_user(name)
        else:
            self.edit_group(kind, name)

    def edit_group(self, kind: str, name: str) -> None:
        """One change of a group."""
        source, id = self.source, self.seeded.choice(GROUPS)
        if id not in source.groups_by_id:
            self.source = source.with_group(team(id, name))
            return
        group = source.group(id)
        if kind == "drop":
            self.source = source.without_group(id)
        elif kind == "rename":
            self.source = source.with_group(replace(group, name=f"Group {id}{self.seeded.choice('XYZ')}"))
        elif kind == "join":
            self.source = source.with_group(replace(group, members=tuple(dict.fromkeys((*group.members, name)))))
        elif kind == "part":
            self.source = source.with_group(replace(group, members=tuple(m for m in group.members if m != name)))

    def recover(self) -> None:
        """No faults, everything allowed, and a Full Resync."""
        self.rig.target.faults.clear()
        switches = dict.fromkeys(["create_users", "update_users", "disable_users", "deprovision_users"], True)
        self.rig.configure(**switches)
        self.rig.client.resync(self.source)


def check_counters(counters: Counters, impacted: int) -> None:
    settled = counters.success + counters.unsynced + counters.failed
    assert all(0 <= count <= counters.impacted for count in counters.as_dict().values())
    assert counters.impacted == impacted
    assert settled <= counters.impacted <= settled + counters.partially_synced


@pytest.mark.parametrize("seed", range(105))
def test_a_random_life_ends_in_line_with_its_source(seed: int) -> None:
    walk = Walk(seed)
    for _ in range(8):
        walk.step()
        summary = walk.rig.client.summary()
        check_counters(summary.users, len(walk.source.users))
        assert summary.groups is not None
        assert summary.groups.impacted == len(walk.source.groups)
        assert summary.groups.success + summary.groups.failed == summary.groups.impacted
        shown = [each["userName"] for each in walk.rig.target.snapshot()["users"]]
        assert len(shown) == len(set(shown))
    walk.recover()
    rig, source = walk.rig, walk.source
    failed = [record for record in rig.client.audit() if record.outcome == "failed"][-3:]
    assert rig.users == {"impacted": len(source.users), "success": len(source.users)}, failed
    assert (rig.groups or {}).get("failed", 0) == 0, failed
    assert rig.client.orphans() == ()
    for user in source.users:
        account = rig.account(user.user_name)
        assert (account["familyName"], account["active"]) == (user.family_name, user.active)
    inactive = {user.id for user in source.users if not user.active}
    for group in source.groups:
        members = {id for id in group.members if id in source.users_by_id}
        assert rig.members(group.name) & set(source.users_by_id) - inactive == members - inactive
    since = rig.mark()
    rig.client.resync(source)
    assert rig.writes(since) == []
