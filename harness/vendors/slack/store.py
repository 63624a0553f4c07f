"""Slack: no account is ever removed for good, and names are kept in Slack's own form.

Source: pingone, Creating a Slack connection (Remove action: only Disable); Configuring outbound group provisioning;
pingone-api, propagation-stores/create-store-slack; docs.slack.dev, SCIM API.
"""

from __future__ import annotations

from provcheck.harness.model import TargetConfiguration, capabilities
from provcheck.harness.model.capability import USUAL, keeps
from provcheck.harness.model.core_words import FURTHER_WORDS
from provcheck.harness.model.options import Option
from provcheck.harness.model.store import Store

# nickName mirrors the user name (docs.slack.dev, SCIM API, attributes of a user).
_CAPABILITIES = capabilities(
    *("create", "update", "disable", "rename_user", "switchable_permissions", "discovery", "faults", *USUAL),
    *("groups", "memberships", "group_memberships", "merge_or_overwrite", "rename_group"),
    *("caseless_group_names", "shows_disabled_members"),
    *keeps(*(word for word in FURTHER_WORDS if word != "nickName")),
)
_NORMALISES = frozenset({"userName", "externalId"})

STORE = Store(
    name="slack",
    title="Slack",
    row=9,
    groups=True,
    membership="group",
    chooses_handling=True,
    remove_actions=("Disable",),
    type="Slack",
    options=(
        Option("BASE_URL", "base_url"),
        Option("SCIM_VERSION", "scim_version", choices=("2.0", "1.1")),
        Option("OAUTH_ACCESS_TOKEN", "token", required=True),
        Option(
            "UNIQUE_USER_IDENTIFIER",
            "unique_user_identifier",
            choices=("userName", "primaryEmail"),
            renamed=(("primaryEmail", "workEmail"),),
        ),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable",)),
    ),
    # Slack advises at most 5,000 members a call (docs.slack.dev, SCIM API, PATCH group).
    defaults={"base_url": "https://api.slack.com/scim/v2", "members_per_request": 5000},
    configurations=(
        TargetConfiguration(
            "slack",
            "slack",
            "Slack",
            _CAPABILITIES,
            "group",
            ("Disable",),
            "pingone, Creating a Slack connection; Configuring outbound group provisioning, Membership type",
            normalises=_NORMALISES,
        ),
        TargetConfiguration(
            "slack+1.1",
            "slack",
            "Slack by SCIM 1.1",
            _CAPABILITIES,
            "group",
            ("Disable",),
            "docs.slack.dev, SCIM API: version 1.1 side by side with 2.0",
            connection={"scim_version": "1.1"},
            address="v1",
            normalises=_NORMALISES,
        ),
    ),
)
