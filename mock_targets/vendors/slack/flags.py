"""What is particular to Slack and can be switched: everything that its pages leave open, with the inferred default."""

from __future__ import annotations

from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.flags import flag as _flag
from provcheck.mock_targets.target.flags import text_flag as _text

REFERENCE = "https://docs.slack.dev/reference/scim-api"
GUIDE = "https://docs.slack.dev/admins/scim-api"
INFERRED = "not documented; the default is inferred"

_ORGANISATION = (
    _flag("plan", "enterprise|business_plus|pro",
          "The plan of the organisation. Only enterprise has guests made by SCIM; a user group of business_plus "
          "holds 5000 members at most; pro has no SCIM at all (plus_teams_only).", f"{GUIDE}; {REFERENCE}#errors"),
    _text("domain", "example", "The first part of the organisation's host name, as profile URLs show it.",
          f"{REFERENCE}#post-users-2 (profileUrl in the answer)"),
    _text("channel_names", "general,random",
          "Channels of the organisation: user names share their name space, separated by commas.",
          f"{GUIDE}; {REFERENCE}#errors (username_taken); the two are those that a workspace starts with"),
    _text("reserved_user_names", "channel,everyone,group,here,me,slackbot,you",
          "User names that are not allowed (username_not_allowed), separated by commas.",
          f"{REFERENCE}#errors; the list itself is not documented"),
    _text("bot_users", "", "User names of bots, which SCIM cannot deactivate, separated by commas.",
          f"{REFERENCE}#errors (cannot_disable_bot_user_with_scim)"),
    _text("primary_owner", "",
          "User name of the primary owner, who cannot be deactivated or made a guest, separated by commas.",
          f"{REFERENCE}#errors (cannot_disable_primary_owner, cannot_make_user_guest)"),
    _text("admins", "", "User names of admins and owners, who cannot be made guests, separated by commas.",
          f"{REFERENCE}#errors (cannot_make_user_guest)"),
    _text("forgotten_users", "",
          "User names of people whose personal information was forgotten, who cannot be modified, separated by "
          "commas.", f"{REFERENCE}#errors (cannot_modify_gdpr)"),
    _text("linked_groups", "",
          "Display names of groups that are linked to channels and therefore cannot be deleted, separated by commas.",
          f"{REFERENCE}#errors (idp_group_linked_to_channels)"),
)  # fmt: skip

_USERS = (
    _flag("keeps_external_id", False,
          "Whether POST stores the externalId it is given. Updates never do. Microsoft's connector sends one.",
          f"{INFERRED}: every recorded answer shows an empty externalId"),
    _flag("external_id_updates", "ignored|refused",
          "What PUT and PATCH do about another externalId; refused is invalid_request_payload.",
          f"{REFERENCE}#patch-users-id: not supported; whether ignored or refused is not said"),
    _flag("display_name_updates", "accepted|ignored|refused",
          "What happens to a displayName sent after creation, which depends on whether members may edit their own; "
          "refused is invalid_display_name.", f"{REFERENCE}#errors (invalid_display_name)"),
    _flag("resource_form", "by_value|long|short",
          "Which attributes of a user are shown: the long form has all custom profile fields (null when unset), the "
          "short one none. by_value: long once the user was given such a value.",
          f"{INFERRED}: both forms are recorded, when which is served is not said"),
    _flag("stale_nick_name_wins", True,
          "Whether nickName counts when an update gives both a userName and another nickName. Off: userName does.",
          f"{INFERRED}: the tests of Slack's Java SDK set both and say that this is needed"),
    _flag("needs_extension_urns", True,
          "Whether the guest and profile extensions of a body are passed over unless `schemas` names them.",
          f"{REFERENCE}#post-multi-channel-guest: the URN must be there; what happens without is not said"),
    _flag("shows_photos_at_once", False,
          "Whether the answer to a write shows the photo it set. Off: only later answers do.",
          f"{REFERENCE}#patch-users-id (photos)"),
    _flag("shows_empty_second_email", False, "Whether the long form shows an unused second address as an empty one.",
          "https://github.com/seratch/python-slack-scim (one recorded answer does)"),
    _flag("deactivation_delay", 0, "Seconds for which a user whom DELETE deactivated is still shown as active.",
          "https://github.com/slackapi/java-slack-sdk (its tests poll up to ten seconds)"),
    _flag("answers_unchanged_patch_with_body", True,
          "Whether a PATCH of version 2 that changes nothing answers 200 with the resource. Off: 204.", INFERRED),
    _flag("v1_patch_op_bodies", "ignored|refused",
          "What version 1 makes of a PatchOp body: nothing at all (200), or invalid_request_payload.",
          f"{INFERRED}: clients send them"),
    _flag("needs_schemas", True,
          "Whether PUT, PATCH of groups and PATCH of version 2 are refused without `schemas` (missing_schema_element). "
          "POST always is; PATCH of a user in version 1 never.",
          f"{REFERENCE}#errors documents it for POST; recorded PATCH bodies of version 1 (XSOAR) do without"),
)  # fmt: skip

_GROUPS = (
    _flag("allows_duplicate_group_names", True,
          "Whether several groups may have the same displayName. Off: 409 with group_creation_failed.",
          f"{INFERRED}: no code exists for it"),
    _flag("refuses_deactivated_members", True,
          "Whether adding a deactivated user to a group is refused (unable_to_add_deleted_or_guest_to_group).",
          f"{REFERENCE}#errors"),
    _flag("refuses_guest_members", False,
          "Whether adding a guest to a group is refused (unable_to_add_deleted_or_guest_to_group).",
          f"{REFERENCE}#post-groups allows guests, {REFERENCE}#errors does not"),
    _flag("member_display", "real_name|display_name|user_name", "What the `display` of a member shows.",
          f"{INFERRED} from the full names in the examples of {REFERENCE}#get-groups-id-2"),
    _flag("remove_with_values", "listed|all",
          "Which members go when PATCH of version 2 removes `members` with a list of values: those listed, or all.",
          "the tests of Slack's Java SDK remove one of several; https://github.com/MicrosoftDocs/entra-docs/issues/879 "
          "reports that all go"),
    _flag("answers_group_patch_with_body", True,
          "Whether PATCH of a group answers 200 with the group in version 2. Off: 204. Version 1 always says 204.",
          f"{REFERENCE}#patch-groups-id-2 shows the body; its status is inferred"),
)  # fmt: skip

_LISTS = (
    _flag("lists_deactivated_users", True,
          "Whether a list without a filter has deactivated users too. With a filter they are always found.", INFERRED),
    _flag("list_order", "oldest_first|newest_first", "The order of lists.", INFERRED),
    _flag("filters_on_other_attributes", False,
          "Whether filters may name attributes beyond the documented ones (userName, email, restricted, "
          "ultra_restricted; displayName of groups). Off: invalid_query.",
          f"{REFERENCE}#filter; "
          "https://learn.microsoft.com/en-us/entra/identity/saas-apps/slack-provisioning-tutorial: only userName and "
          "email match"),
)  # fmt: skip

_WIRE = (
    _flag("discovery_needs_token", True,
          "Whether ResourceTypes and Schemas need a valid token. ServiceProviderConfig never does.", INFERRED),
    _flag("announces_patch", True, "Whether ServiceProviderConfig says that PATCH is supported.",
          "recorded as false in 2019 (go-slack-scimapi) and as true in 2020 (python-slack-scim)"),
    _flag("v2_errors_in_v1_shape", False,
          "Whether version 2 tells all errors as version 1 does, not just failures of authentication.",
          f"{REFERENCE}#example-error is the only example of version 2"),
)  # fmt: skip

_STATUSES = (
    _flag("status_of_unknown_id", "404|400", "The status that goes with no_such_user and no_such_group.",
          f"{INFERRED}: connectors handle a 404 for a missing group"),
    _flag("status_of_unknown_members", "404|400", "The status that goes with no_such_group_members.", INFERRED),
    _flag("status_of_refusals", "403|400", "The status of permission_denied, plus_teams_only and the cannot_... codes.",
          f"{INFERRED}: IBM's page on errors of its Slack connector lists 403"),
    _flag("status_of_unknown_endpoint", "404|400", "The status that goes with bad_endpoint.", INFERRED),
    _flag("status_of_unknown_version", "404|400", "The status that goes with unsupported_version.", INFERRED),
    _flag("status_of_wrong_method", "405|400", "The status that goes with method_not_allowed.", INFERRED),
    _flag("status_of_taken_email", "409|400", "The status that goes with email_taken.",
          f"{INFERRED} from the 409 that username_taken was seen with"),
)  # fmt: skip

FLAGS = (*COMMON_FLAGS, *_ORGANISATION, *_USERS, *_GROUPS, *_LISTS, *_WIRE, *_STATUSES)


def named(text: str) -> frozenset[str]:
    """The names of a flag that lists them, as they are compared."""
    return frozenset(name.strip().casefold() for name in text.split(",") if name.strip())
