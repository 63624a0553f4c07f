"""Groups that another party renames, deletes or gives other members at the target, out of band, without notice.

A group is put right with its next change or in a Full Resync; it is known by its id, not by its name. Whether a client
puts it right earlier is left open.
"""

from __future__ import annotations

from provcheck.harness.model import After, Given, GroupAtTarget, Join, PutUser, RenameGroup, Resync
from provcheck.harness.model.external_change import AddMember, ChangeGroup, DeleteGroup, RemoveMember
from provcheck.harness.scenarios.people import account, group_id, person, source, team, user_id
from provcheck.harness.scenarios.phrases import (
    GROUPS_PAGE,
    STATUS_PAGE,
    change,
    counters,
    derived,
    never,
    no_writes,
    out_of_band,
    ruling,
    sync,
)

_RESYNC = ruling(
    f"{STATUS_PAGE}, Full Resync",
    "name and managed memberships are put right, and a group that is gone is made anew",
)
_LINK = ruling(STATUS_PAGE, "a link is an id and not a name: no second group for one that was renamed at the target")
_MERGE = ruling(GROUPS_PAGE, "Merge adds, and takes nobody away, in a Full Resync as well")
_OVERWRITE = ruling(GROUPS_PAGE, "Overwrite replaces the members, in a Full Resync as well")
_GIVEN = Given(source(("ada", "ben"), team("Red", "ada", "ben")))
_NEEDS = ("create", "groups", "memberships")
_WHOLE = GroupAtTarget("Red", exactly=("ada", "ben"))
_CEM_JOINS = sync(PutUser(person("cem")), Join(group_id("Red"), user_id("cem")))
_RENAMED = out_of_band(ChangeGroup("Red", {"displayName": "Crimson"}))


def _with_somebody_else(handling: str) -> Given:
    """The same, with an account at the target that the rule does not manage."""
    return Given(_GIVEN.population, accounts=(account("fay"),), connection={"group_membership_handling": handling})


SCENARIOS = (
    derived(
        "group-renamed-at-target",
        "A group is renamed at the target",
        "A Full Resync gives a group that was renamed at the target its name back, and makes no second one.",
        _LINK,
        _GIVEN,
        [
            sync(),
            After(groups=counters(1, 1), wire=(_WHOLE,)),
            _RENAMED,
            sync(change("ada", family_name="King")),
            After(groups=counters(1, 1), wire=(never("group.create"),)),
            Resync(),
            After(
                users=counters(2, 2),
                groups=counters(1, 1),
                wire=(never("group.create"), _WHOLE, GroupAtTarget("Crimson", count=0)),
            ),
            Resync(),
            After(groups=counters(1, 1), wire=(no_writes(),)),
        ],
        needs=[*_NEEDS, "update", "rename_group"],
    ),
    derived(
        "group-renamed-at-target-then-a-member-joins",
        "A group is renamed at the target, then a member joins",
        "A member who joins is put into the group that the client linked, whatever it is called at the target.",
        _LINK,
        _GIVEN,
        [
            sync(),
            After(groups=counters(1, 1), wire=(_WHOLE,)),
            _RENAMED,
            _CEM_JOINS,
            After(users=counters(3, 3), groups=counters(1, 1), wire=(never("group.create"),)),
            Resync(),
            After(
                groups=counters(1, 1),
                wire=(
                    never("group.create"),
                    GroupAtTarget("Red", exactly=("ada", "ben", "cem")),
                    GroupAtTarget("Crimson", count=0),
                ),
            ),
        ],
        needs=[*_NEEDS, "rename_group"],
    ),
    derived(
        "group-renamed-on-both-sides",
        "A group is renamed at the target, then otherwise at the source",
        "A group that is renamed on both sides has the name of the source, and no second one is made.",
        _LINK,
        _GIVEN,
        [
            sync(),
            After(groups=counters(1, 1), wire=(_WHOLE,)),
            _RENAMED,
            sync(RenameGroup(group_id("Red"), "Scarlet")),
            After(
                groups=counters(1, 1),
                wire=(
                    never("group.create"),
                    GroupAtTarget("Scarlet", exactly=("ada", "ben")),
                    GroupAtTarget("Crimson", count=0),
                    GroupAtTarget("Red", count=0),
                ),
            ),
        ],
        needs=[*_NEEDS, "rename_group"],
    ),
    derived(
        "group-erased",
        "A group is deleted at the target",
        "A Full Resync creates a group anew that was deleted at the target, with its members.",
        _RESYNC,
        _GIVEN,
        [
            sync(),
            After(groups=counters(1, 1), wire=(_WHOLE,)),
            out_of_band(DeleteGroup("Red")),
            Resync(),
            After(users=counters(2, 2), groups=counters(1, 1), wire=(_WHOLE,)),
            Resync(),
            After(groups=counters(1, 1), wire=(no_writes(),)),
        ],
        needs=_NEEDS,
    ),
    derived(
        "group-erased-then-a-member-joins",
        "A group is deleted at the target, then a member joins",
        "With its next change a group that was deleted at the target is there again, with all its members.",
        _RESYNC,
        _GIVEN,
        [
            sync(),
            out_of_band(DeleteGroup("Red")),
            _CEM_JOINS,
            After(
                users=counters(3, 3),
                groups=counters(1, 1),
                wire=(GroupAtTarget("Red", exactly=("ada", "ben", "cem")),),
            ),
        ],
        needs=_NEEDS,
    ),
    derived(
        "member-removed-at-target",
        "A member is taken out of a group at the target",
        "A Full Resync puts a member back whom somebody else took out of the group.",
        _RESYNC,
        _GIVEN,
        [
            sync(),
            out_of_band(RemoveMember("Red", "ben")),
            _CEM_JOINS,
            After(users=counters(3, 3), groups=counters(1, 1), wire=(GroupAtTarget("Red", includes=("ada", "cem")),)),
            Resync(),
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "ben", "cem")),)),
        ],
        needs=(*_NEEDS, "shows_members"),
    ),
    derived(
        "unmanaged-member-stays",
        "Somebody else puts a member into the group, Merge",
        "Where memberships are merged, a Full Resync leaves members alone whom the rule does not manage.",
        _MERGE,
        _with_somebody_else("Merge"),
        [
            sync(),
            out_of_band(AddMember("Red", "fay")),
            _CEM_JOINS,
            After(groups=counters(1, 1), wire=(GroupAtTarget("Red", exactly=("ada", "ben", "cem", "fay")),)),
            Resync(),
            After(
                groups=counters(1, 1), wire=(no_writes(), GroupAtTarget("Red", exactly=("ada", "ben", "cem", "fay")))
            ),
        ],
        needs=[*_NEEDS, "merge_or_overwrite"],
    ),
    derived(
        "unmanaged-member-is-overwritten",
        "Somebody else puts a member into the group, Overwrite",
        "Where memberships are overwritten, a Full Resync takes members out whom the source does not name.",
        _OVERWRITE,
        _with_somebody_else("Overwrite"),
        [
            sync(),
            out_of_band(AddMember("Red", "fay")),
            Resync(),
            After(groups=counters(1, 1), wire=(never("user.delete"), _WHOLE)),
        ],
        needs=[*_NEEDS, "merge_or_overwrite", "shows_members"],
    ),
)
