"""What is particular to Slack and can be switched: everything that its pages leave open, with the inferred default."""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.mock_targets.http.codes import status_flag
from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.flags import Flag, flag, names_flag, text_flag

REFERENCE = "https://docs.slack.dev/reference/scim-api"
GUIDE = "https://docs.slack.dev/admins/scim-api"
ERRORS = f"{REFERENCE}#errors"
INFERRED = "not documented; the default is inferred"
JAVA = "https://github.com/slackapi/java-slack-sdk"

STATUSES: Mapping[str, tuple[str, str, str]] = {
    "status_of_unknown_id": ("404|400", "no_such_user no_such_group", "connectors handle a 404 for a missing group"),
    "status_of_unknown_members": ("404|400", "no_such_group_members", "as of other unknown ids"),
    "status_of_refusals": (
        "403|400",
        "permission_denied plus_teams_only cannot_disable_bot_user_with_scim cannot_disable_primary_owner "
        "cannot_make_user_guest cannot_modify_gdpr idp_group_linked_to_channels",
        "IBM's page on errors of its Slack connector lists 403",
    ),
    "status_of_unknown_endpoint": ("404|400", "bad_endpoint", "the usual status of HTTP"),
    "status_of_unknown_version": ("404|400", "unsupported_version", "the usual status of HTTP"),
    "status_of_wrong_method": ("405|400", "method_not_allowed", "the usual status of HTTP"),
    "status_of_taken_email": ("409|400", "email_taken", "username_taken was seen with 409"),
}
"""The statuses that are switched: the choices, the codes that go with them, and what the default is inferred from."""

FLAGS: tuple[Flag | str, ...] = (
    *COMMON_FLAGS,
    flag("plan", "enterprise|business_plus|pro", "The plan of the organisation. Only enterprise has guests made by "
         "SCIM; a user group of business_plus holds 5000 members at most; pro has no SCIM at all (plus_teams_only).",
         f"{GUIDE}; {ERRORS}"),
    text_flag("domain", "example", "The first part of the organisation's host name, as profile URLs show it.",
              f"{REFERENCE}#post-users-2 (profileUrl in the answer)"),
    names_flag("channel_names", "general,random", "Channels of the organisation: user names share their name space.",
               f"{GUIDE}; {ERRORS} (username_taken); the two are those that a workspace starts with"),
    names_flag("reserved_user_names", "channel,everyone,group,here,me,slackbot,you", "User names that are not allowed "
               "(username_not_allowed).", f"{ERRORS}; the list itself is not documented"),
    names_flag("bot_users", "", "Bots, which SCIM cannot deactivate.", f"{ERRORS} (cannot_disable_bot_user_with_scim)"),
    names_flag("primary_owner", "", "The primary owner, who cannot be deactivated or made a guest.",
               f"{ERRORS} (cannot_disable_primary_owner, cannot_make_user_guest)"),
    names_flag("admins", "", "Admins and owners, who cannot be made guests.", f"{ERRORS} (cannot_make_user_guest)"),
    names_flag("forgotten_users", "", "People whose personal information was forgotten, who cannot be modified.",
               f"{ERRORS} (cannot_modify_gdpr)"),
    names_flag("linked_groups", "", "Groups that are linked to channels and therefore cannot be deleted.",
               f"{ERRORS} (idp_group_linked_to_channels)"),
    flag("keeps_external_id", False, "Whether POST stores the externalId it is given. Updates never do. Microsoft's "
         "connector sends one.", f"{INFERRED}: every recorded answer shows an empty externalId"),
    flag("external_id_updates", "ignored|refused", "What PUT and PATCH do about another externalId; refused is "
         "invalid_request_payload.", f"{REFERENCE}#patch-users-id: not supported; ignored or refused is not said"),
    flag("display_name_updates", "accepted|ignored|refused", "What happens to a displayName sent after creation, which "
         "depends on whether members may edit their own; refused is invalid_display_name.",
         f"{ERRORS} (invalid_display_name)"),
    flag("resource_form", "by_value|long|short", "Which attributes of a user are shown: the long form has all custom "
         "profile fields (null when unset), the short one none. by_value: long once the user was given such a value.",
         f"{INFERRED}: both forms are recorded, when which is served is not said"),
    flag("stale_nick_name_wins", True, "Whether nickName counts when an update gives both a userName and another "
         "nickName. Off: userName does.", f"{INFERRED}: the tests of {JAVA} set both and say that this is needed"),
    flag("needs_extension_urns", True, "Whether the guest and profile extensions of a body are passed over unless "
         "`schemas` names them.", f"{REFERENCE}#post-multi-channel-guest: the URN must be there; what happens without "
         "is not said"),
    flag("shows_photos_at_once", False, "Whether the answer to a write shows the photo it set. Off: only later answers "
         "do.", f"{REFERENCE}#patch-users-id (photos)"),
    flag("shows_empty_second_email", False, "Whether the long form shows an unused second address as an empty one.",
         "https://github.com/seratch/python-slack-scim (one recorded answer does)"),
    "deactivation_delay",  # the tests of the Java SDK poll up to ten seconds
    "list_order",
    "answers_unchanged_patch_with_body",  # of version 2
    flag("v1_patch_op_bodies", "ignored|refused", "What version 1 makes of a PatchOp body: nothing at all (200), or "
         "invalid_request_payload.", f"{INFERRED}: clients send them"),
    flag("needs_schemas", True, "Whether PUT, PATCH of groups and PATCH of version 2 are refused without `schemas` "
         "(missing_schema_element). POST always is; PATCH of a user in version 1 never.",
         f"{ERRORS} documents it for POST; recorded PATCH bodies of version 1 (XSOAR) do without"),
    flag("allows_duplicate_group_names", True, "Whether several groups may have the same displayName. Off: 409 with "
         "group_creation_failed.", f"{INFERRED}: no code exists for it"),
    flag("refuses_deactivated_members", True, "Whether adding a deactivated user to a group is refused "
         "(unable_to_add_deleted_or_guest_to_group).", ERRORS),
    flag("refuses_guest_members", False, "Whether adding a guest to a group is refused "
         "(unable_to_add_deleted_or_guest_to_group).", f"{REFERENCE}#post-groups allows guests, {ERRORS} does not"),
    flag("member_display", "real_name|display_name|user_name", "What the `display` of a member shows.",
         f"{INFERRED} from the full names in the examples of {REFERENCE}#get-groups-id-2"),
    flag("remove_with_values", "listed|all", "Which members go when PATCH of version 2 removes `members` with a list "
         "of values: those listed, or all.", f"the tests of {JAVA} remove one of several; "
         "https://github.com/MicrosoftDocs/entra-docs/issues/879 reports that all go"),
    "answers_group_patch_with_body",  # of version 2: #patch-groups-id-2 shows the body; its status is inferred
    flag("lists_deactivated_users", True, "Whether a list without a filter has deactivated users too. With a filter "
         "they are always found.", INFERRED),
    flag("filters_on_other_attributes", False, "Whether filters may name attributes beyond the documented ones "
         "(userName, email, restricted, ultra_restricted; displayName of groups). Off: invalid_query.",
         f"{REFERENCE}#filter; https://learn.microsoft.com/en-us/entra/identity/saas-apps/slack-provisioning-tutorial"
         ": only userName and email match"),
    flag("discovery_needs_token", True, "Whether ResourceTypes and Schemas need a valid token. ServiceProviderConfig "
         "never does.", INFERRED),
    flag("announces_patch", True, "Whether ServiceProviderConfig says that PATCH is supported.",
         "recorded as false in 2019 (go-slack-scimapi) and as true in 2020 (python-slack-scim)"),
    flag("v2_errors_in_v1_shape", False, "Whether version 2 tells all errors as version 1 does, not just failures of "
         "authentication.", f"{REFERENCE}#example-error is the only example of version 2"),
    *(status_flag(name, row[0], row[1], f"{INFERRED}: {row[2]}") for name, row in STATUSES.items()),
)  # fmt: skip
