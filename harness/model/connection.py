"""A connection: how to reach an identity store, and what a provisioning client may do there.

The switches (`create_users` ...) are permissions given to the client. What the target itself permits is another matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from annotated_types import Ge

from provcheck.harness.model.options import BadConnection

__all__ = ["BadConnection", "Connection", "GroupRemoveAction", "MembershipHandling", "MembershipStyle", "RemoveAction"]

MembershipStyle = Literal["group", "user", "none"]
RemoveAction = Literal["Disable", "Delete"]
MembershipHandling = Literal["Merge", "Overwrite"]
GroupRemoveAction = Literal["Keep", "Remove memberships", "Delete"]


@dataclass(frozen=True, slots=True)
class Connection:
    """One target as the client is configured for it; `kind` is the name of its store in `harness.vendors`.

    `user_filter` finds an existing account: `%s` stands for the user's value of `unique_user_identifier`.
    `membership_style` says where memberships are written: on the group, on the user, or nowhere.
    `group_remove_action` says what becomes of a group that leaves the rule: it stays, the memberships that the rule
    wrote are removed, or it is deleted if the rule made it and manages all of its members.
    `domain` is the domain in which the store keeps addresses, where it asks for one.
    `members_per_request` caps the members sent in one request; None means no cap.
    Secrets never show in the representation. Change one with `dataclasses.replace`.
    """

    kind: str
    name: str
    base_url: str
    token: str = field(default="", repr=False, kw_only=True)
    scim_version: Literal["2.0", "1.1"] = field(default="2.0", kw_only=True)
    users_resource: str = field(default="/Users", kw_only=True)
    groups_resource: str = field(default="/Groups", kw_only=True)
    authentication_method: str = field(default="OAuth 2 Bearer Token", kw_only=True)
    authorization_type: str = field(default="Bearer", kw_only=True)
    basic_auth_user: str = field(default="", kw_only=True)
    basic_auth_password: str = field(default="", repr=False, kw_only=True)
    oauth_client_id: str = field(default="", kw_only=True)
    oauth_client_secret: str = field(default="", repr=False, kw_only=True)
    oauth_token_request: str = field(default="", kw_only=True)
    domain: str = field(default="", kw_only=True)
    user_filter: str = field(default='userName Eq "%s"', kw_only=True)
    unique_user_identifier: Literal["userName", "workEmail"] = field(default="userName", kw_only=True)
    group_name_source: str = field(default="Common Name", kw_only=True)
    schema_extension_urns: tuple[str, ...] = field(default=(), kw_only=True)
    create_users: bool = field(default=True, kw_only=True)
    update_users: bool = field(default=True, kw_only=True)
    disable_users: bool = field(default=True, kw_only=True)
    deprovision_users: bool = field(default=True, kw_only=True)
    remove_action: RemoveAction = field(default="Disable", kw_only=True)
    group_membership_handling: MembershipHandling = field(default="Merge", kw_only=True)
    group_remove_action: GroupRemoveAction = field(default="Keep", kw_only=True)
    membership_style: MembershipStyle = field(default="group", kw_only=True)
    supports_groups: bool = field(default=True, kw_only=True)
    members_per_request: Annotated[int, Ge(1)] | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        if self.user_filter.count("%s") != 1:
            raise BadConnection(f"USER_FILTER holds %s exactly once, not {self.user_filter!r}")
        if self.members_per_request is not None and self.members_per_request < 1:
            raise BadConnection(f"MEMBERS_PER_REQUEST is at least 1, not {self.members_per_request}")
