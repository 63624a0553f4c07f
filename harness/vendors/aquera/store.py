"""Aquera: users only, over a SCIM 2.0 gateway; updated by PUT, turned off by Disable, removed by Delete.

Source: pingone, Sync status, table of identity stores; Creating an Aquera connection; pingone-api,
propagation-stores/create-store-aquera; docs.pingidentity.com, Aquera connector.
"""

from __future__ import annotations

from provcheck.harness.model import TargetConfiguration, capabilities
from provcheck.harness.model.capability import USUAL, keeps
from provcheck.harness.model.core_words import FURTHER_WORDS
from provcheck.harness.model.options import Option
from provcheck.harness.model.store import Store

_CAPABILITIES = capabilities(
    *("create", "update", "disable", "delete", "rename_user", "switchable_permissions", "discovery", "faults"),
    *("match_by_email", "any_user_name", "any_text", "any_id", "several_emails", "users_only"),
    *(each for each in USUAL if each != "patch"),
    *keeps(*FURTHER_WORDS),
)
_SOURCE = "pingone, Creating an Aquera connection"

STORE = Store(
    name="aquera",
    title="Aquera",
    row=5,
    remove_actions=("Disable", "Delete"),
    type="Aquera",
    options=(
        Option("SCIM_URL", "base_url", required=True),
        Option(
            "AUTHENTICATION_METHOD",
            "authentication_method",
            choices=("OAuth Bearer Token", "Basic Auth"),
            renamed=(("OAuth Bearer Token", "OAuth 2 Bearer Token"), ("Basic Auth", "Basic Authentication")),
        ),
        Option("BASIC_AUTH_USER", "basic_auth_user"),
        Option("BASIC_AUTH_PASSWORD", "basic_auth_password"),
        Option("ACCESS_TOKEN", "token"),
        Option("REMOVE_ACTION", "remove_action", choices=("Disable", "Delete")),
        Option("GROUP_NAME_SOURCE", "group_name_source", choices=("Common Name", "Distinguished Name")),
    ),
    defaults={"membership_style": "none", "supports_groups": False},
    configurations=(
        TargetConfiguration(
            "aquera", "aquera", "Aquera", _CAPABILITIES, "none", ("Disable", "Delete"), f"{_SOURCE}: bearer token"
        ),
        TargetConfiguration(
            "aquera+basic",
            "aquera",
            "Aquera with Basic Authentication",
            capabilities("create", "update", "disable", "delete", "faults", "users_only"),
            "none",
            ("Disable", "Delete"),
            f"{_SOURCE}: Basic Auth",
            flags={"authentication": "basic"},
            connection={"authentication_method": "Basic Authentication"},
        ),
    ),
)
