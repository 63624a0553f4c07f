"""The flags of Aquera, and its presets: kinds of application that a gateway may front."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.target.flags import Flag, flag, text_flag
from provcheck.mock_targets.target.preset import Preset

PAGE = "pingidentity.com/integrations/aquera/pf_aquera_connector.html"
SETTINGS = "docs.pingidentity.com, Aquera connector settings reference"
ISSUES = "docs.pingidentity.com, Aquera connector, known issues and limitations"
CONNECTION = "docs.pingidentity.com, PingOne, Creating an Aquera connection"
IAN_USER = "urn:ietf:params:scim:schemas:extension:ianuser:2.0:User"
"""The URN is inferred: only the prefix `IANUser` is documented."""

AQUERA_FLAGS: tuple[Flag | str, ...] = (
    flag("supports_groups", False, "Whether the application behind the gateway has groups. Off: everything about "
         "groups is an unknown path.", "docs.pingidentity.com, Aquera connector: depends on the target; PingOne "
         "provisions none"),
    flag("authentication", "both|bearer|basic", "Which credentials the application takes: the token as bearer, the "
         "token as the password of any user, or either.", CONNECTION),
    flag("supports_patch", False, "Whether PATCH is supported; without it 501.",
         "docs.pingidentity.com, Aquera connector: users are updated by PUT; the status is inferred"),
    flag("deletes_by_disabling", False, "Whether DELETE only turns a user off, because the application cannot remove "
         "users.", SETTINGS),
    flag("deletes_on_deactivation", False, "Whether a user who is turned off is removed (the console setting "
         "deleteOnDeactivation).", SETTINGS),
    flag("filters_groups", True, "Whether groups can be found by a filter. Off: 400.",
         "docs.pingidentity.com, Aquera connector: filtering of groups depends on the target; the status is inferred"),
    flag("types_multivalues", True, "Whether values of emails, phoneNumbers and addresses have type and primary. Off: "
         "they have neither, and PUT adds to the old values.", ISSUES),
    flag("sends_valid_schemas", True, "Whether the answers of /Schemas have everything that RFC 7643 requires.",
         ISSUES),
    text_flag("custom_attributes_urn", IAN_USER, "URN of the extension with the attributes of IANUser (its URN is "
              "inferred); empty: the application has none.", "docs.pingidentity.com, PingOne for Enterprise, Aquera"),
    *("discovery_without_token", "supports_etag", "supports_sort", "max_page_size", "default_page_size"),
)  # fmt: skip

PROFILES: Mapping[str, Mapping[str, Any]] = {
    "plain": {"supports_patch": True},
    "no_delete": {"deletes_by_disabling": True},
    "delete_on_deactivation": {"deletes_on_deactivation": True},
    "no_patch": {"supports_patch": False},
    "no_group_filter": {"supports_groups": True, "filters_groups": False},
    "untyped_multivalue": {"types_multivalues": False},
    "bad_schema": {"sends_valid_schemas": False},
    "basic_only": {"authentication": "basic"},
    "bearer_only": {"authentication": "bearer"},
}
PRESETS = {
    "backend_down": Preset(
        doc="the application behind the gateway is down: every request is answered 502",
        source="inferred: a gateway passes on the failures of what lies behind it (RFC 9110 section 15.6.3)",
        flags={},
        faults=({"operation": "*", "status": 502, "times": None},),
    ),
}
