"""Every kind of write, as a table: how the journal names it, which flag permits it, and how one sees it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.compliance.compliance_rig import Rig, person
from tests.compliance.drivers import Ask


@dataclass(frozen=True, slots=True)
class Action:
    """A write on a seeded rig.

    `operation` is what the journal calls the request, `part` what it calls the deed, `entity` a name of what it is
    done to; `flag` permits it.
    """

    name: str
    operation: str
    part: str
    entity: str
    flag: str
    ask: Callable[[Rig], Ask]
    is_done: Callable[[Rig], bool]


def _family_name(rig: Rig, user: str) -> str:
    return (rig.shown_user(user) or {}).get("familyName", "")


def _members(rig: Rig) -> list[str]:
    return (rig.shown_group("Staff") or {"members": []})["members"]


def _is_gone(rig: Rig, user: str) -> bool:
    shown = rig.shown_user(user)
    return shown is None or (rig.driver.keeps_deleted_users and not shown["active"])


def _is_active(rig: Rig, user: str) -> bool:
    return bool((rig.shown_user(user) or {})["active"])


ACTIONS = (
    Action(
        "create_user", "user.create", "user.create", "dot", "allows_create_users",
        lambda rig: rig.driver.create_user(person("dot")),
        lambda rig: rig.shown_user("dot") is not None,
    ),
    Action(
        "change_user", "user.update", "user.update", "ada", "allows_update_users",
        lambda rig: rig.driver.rename_user(rig.ids["ada"], "Byron"),
        lambda rig: _family_name(rig, "ada") == "Byron",
    ),
    Action(
        "overwrite_user", "user.replace", "user.update", "ada", "allows_update_users",
        lambda rig: rig.driver.overwrite_user(rig.ids["ada"], person("ada", familyName="Byron")),
        lambda rig: _family_name(rig, "ada") == "Byron",
    ),
    Action(
        "turn_user_on", "user.update", "user.update", "eve", "allows_update_users",
        lambda rig: rig.driver.turn_user(rig.ids["eve"], True),
        lambda rig: _is_active(rig, "eve"),
    ),
    Action(
        "turn_user_off", "user.update", "user.disable", "ada", "allows_disable_users",
        lambda rig: rig.driver.turn_user(rig.ids["ada"], False),
        lambda rig: not _is_active(rig, "ada"),
    ),
    Action(
        "delete_user", "user.delete", "user.delete", "ada", "allows_delete_users",
        lambda rig: rig.driver.delete_user(rig.ids["ada"]),
        lambda rig: _is_gone(rig, "ada"),
    ),
    Action(
        "create_group", "group.create", "group.create", "Board", "allows_create_groups",
        lambda rig: rig.driver.create_group("Board", [rig.ids["bob"]]),
        lambda rig: rig.shown_group("Board") is not None,
    ),
    Action(
        "rename_group", "group.update", "group.update", "Staff", "allows_update_groups",
        lambda rig: rig.driver.rename_group(rig.ids["Staff"], "Crew"),
        lambda rig: rig.shown_group("Crew") is not None,
    ),
    Action(
        "overwrite_group", "group.replace", "group.update", "Staff", "allows_update_groups",
        lambda rig: rig.driver.overwrite_group(rig.ids["Staff"], "Staff", [rig.ids["bob"]]),
        lambda rig: _members(rig) == ["bob"],
    ),
    Action(
        "add_member", "group.update", "member.add", "Staff/bob", "allows_update_groups",
        lambda rig: rig.driver.add_members(rig.ids["Staff"], [rig.ids["bob"]]),
        lambda rig: "bob" in _members(rig),
    ),
    Action(
        "remove_member", "group.update", "member.remove", "Staff/ada", "allows_update_groups",
        lambda rig: rig.driver.remove_member(rig.ids["Staff"], rig.ids["ada"]),
        lambda rig: "ada" not in _members(rig),
    ),
    Action(
        "delete_group", "group.delete", "group.delete", "Staff", "allows_delete_groups",
        lambda rig: rig.driver.delete_group(rig.ids["Staff"]),
        lambda rig: rig.shown_group("Staff") is None,
    ),
)  # fmt: skip

BY_NAME = {action.name: action for action in ACTIONS}
