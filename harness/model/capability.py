"""What a target can do, in words that scenarios ask for. A scenario asks for a capability, never for a target.

Two more lists of capabilities have words of their own: `harness/contract/client_capabilities.py` (what a client offers)
and `harness/lint/dialect.py` (what an API takes, for lint rules).

A target configuration (on the command line: a profile) is one way of setting up a target: its flags, how a connection
to it differs, and what it then can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from provcheck.harness.model.connection import Connection, MembershipStyle, RemoveAction
from provcheck.harness.model.core_words import FURTHER_WORDS

CAPABILITIES: Mapping[str, str] = MappingProxyType(
    {
        "create": "users can be created",
        "update": "users can be updated",
        "disable": "accounts can be turned off and kept",
        "delete": "accounts can be removed for good",
        "groups": "the target has groups",
        "users_only": "the target has no groups",
        "memberships": "memberships can be written at all",
        "group_memberships": "memberships are written on the group",
        "user_memberships": "memberships are written on the user",
        "merge_or_overwrite": "the connection chooses what becomes of a group of the same name",
        "match_by_email": "an account can be looked up by e-mail address",
        "any_user_name": "a user name may hold any characters, and hundreds of them",
        "any_text": "names of people may hold any characters, and hundreds of them",
        "any_id": "ids may hold any characters",
        "optional_names": "a user needs neither names nor an e-mail address, so that all of them can be cleared",
        "several_emails": "an account may have several e-mail addresses, one of them primary",
        "no_filters": "look-ups by filter can be switched off at the target, and pages made small",
        "rename_user": "the user name of an account can be changed",
        "frees_names": "a user name that an account gives up can be taken by another at once",
        "rename_group": "the name of a group can be changed",
        "caseless_group_names": "a group is found by its name without regard to case",
        "shows_disabled_members": "members who are turned off are shown in their groups",
        "switchable_permissions": "the target's own permissions can be switched off",
        "discovery": "the target says what it supports",
        "faults": "faults can be armed at the target",
        "oauth": "clients get their access tokens from a token endpoint, and tokens expire",
        "patch": "resources can be changed by PATCH",
        "group_put": "a group can be replaced by PUT",
        "echo": "the answer to a write shows what is stored",
        "shows_members": "a group that is read shows its members",
        "same_name_groups": "two groups can have one name",
        "ignores_updates": "changes of users are answered as made, and are not made",
        "index_paging": "pages of a list can be asked for by the number of a row",
        "finds_at_once": "what was just made is found by a look-up",
        "finds_disabled": "an account that is turned off is found by a look-up",
        **{f"keeps_{word}": f"users have a {word} at the target" for word in FURTHER_WORDS},
    }
)
"""Every capability, and what it means."""


BASIC_USER = "provisioner"
"""The user of a connection with Basic Authentication; a target takes any."""

USUAL = (
    *("patch", "group_put", "echo", "shows_members", "same_name_groups", "index_paging"),
    *("finds_at_once", "finds_disabled", "frees_names"),
)
"""What nearly every target can; presets of those that cannot leave some of it out."""


class UnknownCapability(ValueError):
    """A word that is not in the list of capabilities."""


def capabilities(*words: str) -> frozenset[str]:
    """A set of capabilities. Raises UnknownCapability."""
    for word in words:
        if word not in CAPABILITIES:
            raise UnknownCapability(f"{word!r} is not a capability; there are {', '.join(CAPABILITIES)}")
    return frozenset(words)


def keeps(*words: str) -> frozenset[str]:
    """The capabilities of keeping these core words. Raises UnknownCapability."""
    return capabilities(*(f"keeps_{word}" for word in words))


def alone(id: str) -> str:
    """What names the target configuration of this id alone where targets are chosen: `scim+` is the plain `scim`."""
    return id if "+" in id else f"{id}+"


@dataclass(frozen=True, slots=True)
class TargetConfiguration:
    """One way of setting up a target.

    `target` is the name of the mock target, `id` that name with what was set up otherwise (`scim+no-groups`).
    `flags` are set at the target before a scenario begins, `connection` overrides fields of the Connection.
    `address` names the one of the target's base URLs that the client is given.
    `profile` is a profile of the target that is set first, with its faults; such a configuration is chosen by its id.
    `lacking` are the capabilities that the profile takes from the plain configuration, each with the reason.
    `normalises` are core words that the target may change on its own (case, suffix): not compared letter by letter.
    `settles` are the seconds after which everything that was written can be seen; so long it is left alone after each
    step.
    `source` says where it is documented.
    """

    id: str
    target: str
    title: str
    capabilities: frozenset[str]
    membership_style: MembershipStyle
    remove_actions: tuple[RemoveAction, ...]
    source: str
    flags: Mapping[str, object] = field(default_factory=dict, kw_only=True)
    connection: Mapping[str, Any] = field(default_factory=dict, kw_only=True)
    address: str = field(default="base_url", kw_only=True)
    profile: str = field(default="", kw_only=True)
    lacking: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    normalises: frozenset[str] = field(default=frozenset(), kw_only=True)
    settles: float = field(default=0, kw_only=True)

    @property
    def supports_groups(self) -> bool:
        """Whether a sync summary about this target has a group section."""
        return "groups" in self.capabilities

    def connect(
        self,
        base_url: str,
        token: str = "",
        overrides: Mapping[str, Any] | None = None,
        client: Mapping[str, str] | None = None,
    ) -> Connection:
        """A connection to a target set up like this; `overrides` are fields of Connection and win.

        With Basic Authentication the token is the password. `client` are the fields of an OAuth 2 client of the
        target; they stand in for the token where clients get tokens from a token endpoint.
        """
        fields: dict[str, Any] = {"membership_style": self.membership_style, "supports_groups": self.supports_groups}
        fields |= dict(client or {}) if "oauth" in self.capabilities else {"token": token}
        fields |= {**self.connection, **(overrides or {})}
        if fields.get("authentication_method") == "Basic Authentication":
            fields = {"basic_auth_user": BASIC_USER, "basic_auth_password": fields.pop("token", ""), **fields}
        return Connection(kind=self.target, name=self.title, base_url=base_url, **fields)

    def lacks(self, needs: frozenset[str]) -> frozenset[str]:
        """The capabilities among `needs` that this configuration does not have."""
        return needs - self.capabilities
