"""The flags that every target has: what it permits, which resources it knows, where memberships are written."""

from __future__ import annotations

from provcheck.mock_targets.target.flags import Flag

_CONTRACT = "a switch of the mock: the target's own permissions, as an administrator of the store would set them"


def _permission(name: str, what: str) -> Flag:
    return Flag(name, default=True, doc=f"Whether {what}. Off: refused in the target's own words.", source=_CONTRACT)


PERMISSIONS = (
    _permission("allows_create_users", "users may be created"),
    _permission("allows_update_users", "attributes of users may be changed"),
    _permission("allows_disable_users", "users may be turned off (active true to false)"),
    _permission("allows_delete_users", "users may be deleted"),
    _permission("allows_create_groups", "groups may be created"),
    _permission("allows_update_groups", "groups may be renamed and their memberships changed"),
    _permission("allows_delete_groups", "groups may be deleted"),
)

COMMON_FLAGS = (
    *PERMISSIONS,
    Flag(
        "supports_groups",
        default=True,
        doc="Whether the target has groups at all. Off: everything about groups is an unknown path.",
        source="PingOne, Configuring outbound group provisioning: only some stores take groups",
    ),
    Flag(
        "membership_style",
        default="group",
        type="string",
        choices=("group", "user", "none"),
        doc="Where memberships are written: on the group, on the user, or nowhere. The other side is read-only.",
        source="PingOne, Configuring outbound group provisioning: group memberships and user memberships",
    ),
    Flag(
        "enforces_rate_limits",
        default=False,
        doc="Whether the target's documented rate limits are enforced (429 with Retry-After).",
        source="a switch of the mock: limits stand in the way of most tests",
    ),
)

FLAG_OF_OPERATION = {
    "user.create": "allows_create_users",
    "user.update": "allows_update_users",
    "user.disable": "allows_disable_users",
    "user.delete": "allows_delete_users",
    "group.create": "allows_create_groups",
    "group.update": "allows_update_groups",
    "group.delete": "allows_delete_groups",
}
"""Which flag permits an operation. A membership follows the flag of the resource on which it is written."""
