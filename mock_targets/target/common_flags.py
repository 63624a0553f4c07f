"""The flags that every target has: what it permits, which resources it knows, where memberships are written."""

from __future__ import annotations

from provcheck.mock_targets.target.flags import Flag

_CONTRACT = "a switch of the mock: the target's own permissions, as an administrator of the store would set them"


_PERMITTED = {
    "user.create": "users may be created",
    "user.update": "attributes of users may be changed",
    "user.disable": "users may be turned off (active true to false)",
    "user.delete": "users may be deleted",
    "group.create": "groups may be created",
    "group.update": "groups may be renamed and their memberships changed",
    "group.delete": "groups may be deleted",
}
"""What an administrator may forbid, by operation: each is a flag `allows_create_users` and so on."""


def _permission(operation: str, what: str) -> Flag:
    kind, _, verb = operation.partition(".")
    doc = f"Whether {what}. Off: refused in the target's own words."
    return Flag(f"allows_{verb}_{kind}s", default=True, doc=doc, source=_CONTRACT)


PERMISSIONS = {operation: _permission(operation, what) for operation, what in _PERMITTED.items()}
"""The permissions of a target, each by the operation that it permits."""

COMMON_FLAGS = (
    *PERMISSIONS.values(),
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


def flag_of_operation(operation: str) -> str | None:
    """The name of the flag that permits an operation; None for one that needs no permission.

    A membership follows the flag of the resource on which it is written.
    """
    flag = PERMISSIONS.get(operation)
    return None if flag is None else flag.name
