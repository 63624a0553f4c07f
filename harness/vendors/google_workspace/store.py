"""Google Workspace. Memberships travel with the user; a group of the same name is always merged.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; Creating a Google
Workspace connection; pingone-api, propagation-stores/create-store-googleapps.
"""

from __future__ import annotations

from provcheck.harness.model import TargetConfiguration, capabilities
from provcheck.harness.model.capability import keeps
from provcheck.harness.model.options import Option
from provcheck.harness.model.store import Store

_CAPABILITIES = capabilities(
    *("create", "update", "disable", "delete", "rename_user", "switchable_permissions", "faults"),
    *("groups", "memberships", "user_memberships", "rename_group", "caseless_group_names", "shows_disabled_members"),
    *("patch", "group_put", "echo", "shows_members", "finds_at_once", "finds_disabled"),
    *keeps("title", "preferredLanguage", "phoneNumbers", "address", "department", "employeeNumber"),
)

STORE = Store(
    name="google_workspace",
    title="Google Workspace",
    row=11,
    groups=True,
    membership="user",
    remove_actions=("Disable", "Delete"),
    type="GoogleApps",
    protocol="REST",
    options=(
        Option("BASE_URL", "base_url"),
        Option("DOMAIN", "domain", required=True),
        Option("OAUTH_CLIENT_ID", "oauth_client_id"),
        Option("OAUTH_CLIENT_SECRET", "oauth_client_secret"),
        Option("OAUTH_ACCESS_TOKEN", "token", required=True),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable", "Delete")),
    ),
    defaults={"base_url": "https://admin.googleapis.com", "membership_style": "user"},
    configurations=(
        TargetConfiguration(
            "google_workspace",
            "google_workspace",
            "Google Workspace",
            _CAPABILITIES,
            "user",
            ("Disable", "Delete"),
            "pingone, Configuring outbound group provisioning, Membership type: user memberships",
            connection={"domain": "example.com"},
            normalises=frozenset({"userName"}),
        ),
    ),
)
