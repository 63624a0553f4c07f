"""Zoom: users only, over SCIM; turned off by Disable, removed by Delete.

Source: pingone, Creating a Zoom connection; Zoom provisioning features; pingone-api,
propagation-stores/create-store-zoom; developers.zoom.us, SCIM2 API.
"""

from __future__ import annotations

from provcheck.harness.model import TargetConfiguration, capabilities
from provcheck.harness.model.capability import USUAL, keeps
from provcheck.harness.model.options import Option
from provcheck.harness.model.store import Store

# userType is the licence, of which Zoom knows three (developers.zoom.us, SCIM2 API).
_CAPABILITIES = capabilities(
    *("create", "update", "disable", "delete", "rename_user", "switchable_permissions", "faults", "users_only"),
    *("any_user_name", "any_text", *USUAL),
    *keeps("title", "preferredLanguage", "locale", "timezone", "phoneNumbers", "department", "employeeNumber"),
)

STORE = Store(
    name="zoom",
    title="Zoom",
    row=8,
    remove_actions=("Disable", "Delete"),
    type="Zoom",
    options=(
        Option("SCIM_URL", "base_url", required=True),
        Option("OAUTH_ACCESS_TOKEN", "token", required=True),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable", "Delete")),
    ),
    configurations=(
        TargetConfiguration(
            "zoom",
            "zoom",
            "Zoom",
            _CAPABILITIES,
            "none",
            ("Disable", "Delete"),
            "pingone, Creating a Zoom connection; Zoom provisioning features",
        ),
    ),
)
