"""What is particular to Slack and can be switched: everything that its pages leave open, with the inferred default.

Every unknown of the documentation is a flag here, so that a client can be tried against either reading.
"""

from __future__ import annotations

from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.flags import Flag

REFERENCE = "https://docs.slack.dev/reference/scim-api"
GUIDE = "https://docs.slack.dev/admins/scim-api"
INFERRED = "not documented; the default is inferred"


def _choice(name: str, default: str, choices: tuple[str, ...], doc: str, source: str) -> Flag:
    return Flag(name, default=default, type="string", choices=choices, doc=doc, source=source)


def _names(name: str, default: str, doc: str, source: str) -> Flag:
    return Flag(name, default=default, type="string", doc=f"{doc}, separated by commas.", source=source)


_STATUSES = (
    _choice(
        "status_of_unknown_id",
        "404",
        ("404", "400"),
        "The status that goes with no_such_user and no_such_group.",
        f"{INFERRED}: connectors handle a 404 for a missing group",
    ),
    _choice(
        "status_of_unknown_members",
        "404",
        ("404", "400"),
        "The status that goes with no_such_group_members.",
        INFERRED,
    ),
    _choice(
        "status_of_refusals",
        "403",
        ("403", "400"),
        "The status of permission_denied, plus_teams_only and the cannot_... codes.",
        f"{INFERRED}: IBM's page on errors of its Slack connector lists 403",
    ),
    _choice(
        "status_of_unknown_endpoint",
        "404",
        ("404", "400"),
        "The status that goes with bad_endpoint.",
        INFERRED,
    ),
    _choice(
        "status_of_unknown_version",
        "404",
        ("404", "400"),
        "The status that goes with unsupported_version.",
        INFERRED,
    ),
    _choice(
        "status_of_wrong_method",
        "405",
        ("405", "400"),
        "The status that goes with method_not_allowed.",
        INFERRED,
    ),
    _choice(
        "status_of_taken_email",
        "409",
        ("409", "400"),
        "The status that goes with email_taken.",
        f"{INFERRED} from the 409 that username_taken was seen with",
    ),
)

_ORGANISATION = (
    _choice(
        "plan",
        "enterprise",
        ("enterprise", "business_plus", "pro"),
        "The plan of the organisation. Only enterprise has guests made by SCIM; a user group of business_plus holds "
        "5000 members at most; pro has no SCIM at all (plus_teams_only).",
        f"{GUIDE}; {REFERENCE}#errors",
    ),
    Flag(
        "domain",
        default="example",
        type="string",
        doc="The first part of the organisation's host name, as profile URLs show it.",
        source=f"{REFERENCE}#post-users-2 (profileUrl in the answer)",
    ),
    _names(
        "channel_names",
        "general,random",
        "Channels of the organisation: user names share their name space",
        f"{GUIDE}; {REFERENCE}#errors (username_taken); the two are those that a workspace starts with",
    ),
    _names(
        "reserved_user_names",
        "channel,everyone,group,here,me,slackbot,you",
        "User names that are not allowed (username_not_allowed)",
        f"{REFERENCE}#errors; the list itself is not documented",
    ),
    _names(
        "bot_users",
        "",
        "User names of bots, which SCIM cannot deactivate",
        f"{REFERENCE}#errors (cannot_disable_bot_user_with_scim)",
    ),
    _names(
        "primary_owner",
        "",
        "User name of the primary owner, who cannot be deactivated or made a guest",
        f"{REFERENCE}#errors (cannot_disable_primary_owner, cannot_make_user_guest)",
    ),
    _names(
        "admins",
        "",
        "User names of admins and owners, who cannot be made guests",
        f"{REFERENCE}#errors (cannot_make_user_guest)",
    ),
    _names(
        "forgotten_users",
        "",
        "User names of people whose personal information was forgotten, who cannot be modified",
        f"{REFERENCE}#errors (cannot_modify_gdpr)",
    ),
    _names(
        "linked_groups",
        "",
        "Display names of groups that are linked to channels and therefore cannot be deleted",
        f"{REFERENCE}#errors (idp_group_linked_to_channels)",
    ),
)

_USERS = (
    Flag(
        "keeps_external_id",
        default=False,
        doc="Whether POST stores the externalId it is given. Updates never do. Microsoft's connector sends one.",
        source=f"{INFERRED}: every recorded answer shows an empty externalId",
    ),
    _choice(
        "external_id_updates",
        "ignored",
        ("ignored", "refused"),
        "What PUT and PATCH do about another externalId; refused is invalid_request_payload.",
        f"{REFERENCE}#patch-users-id: not supported; whether ignored or refused is not said",
    ),
    _choice(
        "display_name_updates",
        "accepted",
        ("accepted", "ignored", "refused"),
        "What happens to a displayName sent after creation, which depends on whether members may edit their own; "
        "refused is invalid_display_name.",
        f"{REFERENCE}#errors (invalid_display_name)",
    ),
    _choice(
        "resource_form",
        "by_value",
        ("by_value", "long", "short"),
        "Which attributes of a user are shown: the long form has all custom profile fields (null when unset), the "
        "short one none. by_value: long once the user was given such a value.",
        f"{INFERRED}: both forms are recorded, when which is served is not said",
    ),
    Flag(
        "stale_nick_name_wins",
        default=True,
        doc="Whether nickName counts when an update gives both a userName and another nickName. Off: userName does.",
        source=f"{INFERRED}: the tests of Slack's Java SDK set both and say that this is needed",
    ),
    Flag(
        "needs_extension_urns",
        default=True,
        doc="Whether the guest and profile extensions of a body are passed over unless `schemas` names them.",
        source=f"{REFERENCE}#post-multi-channel-guest: the URN must be there; what happens without is not said",
    ),
    Flag(
        "shows_photos_at_once",
        default=False,
        doc="Whether the answer to a write shows the photo it set. Off: only later answers do.",
        source=f"{REFERENCE}#patch-users-id (photos)",
    ),
    Flag(
        "shows_empty_second_email",
        default=False,
        doc="Whether the long form shows an unused second address as an empty one.",
        source="https://github.com/seratch/python-slack-scim (one recorded answer does)",
    ),
    Flag(
        "deactivation_delay",
        default=0,
        type="integer",
        doc="Seconds for which a user whom DELETE deactivated is still shown as active.",
        source="https://github.com/slackapi/java-slack-sdk (its tests poll up to ten seconds)",
    ),
    Flag(
        "answers_unchanged_patch_with_body",
        default=True,
        doc="Whether a PATCH of version 2 that changes nothing answers 200 with the resource. Off: 204.",
        source=INFERRED,
    ),
    _choice(
        "v1_patch_op_bodies",
        "ignored",
        ("ignored", "refused"),
        "What version 1 makes of a PatchOp body: nothing at all (200), or invalid_request_payload.",
        f"{INFERRED}: clients send them",
    ),
)

_GROUPS = (
    Flag(
        "allows_duplicate_group_names",
        default=True,
        doc="Whether several groups may have the same displayName. Off: 409 with group_creation_failed.",
        source=f"{INFERRED}: no code exists for it",
    ),
    Flag(
        "refuses_deactivated_members",
        default=True,
        doc="Whether adding a deactivated user to a group is refused (unable_to_add_deleted_or_guest_to_group).",
        source=f"{REFERENCE}#errors",
    ),
    Flag(
        "refuses_guest_members",
        default=False,
        doc="Whether adding a guest to a group is refused (unable_to_add_deleted_or_guest_to_group).",
        source=f"{REFERENCE}#post-groups allows guests, {REFERENCE}#errors does not",
    ),
    _choice(
        "member_display",
        "real_name",
        ("real_name", "display_name", "user_name"),
        "What the `display` of a member shows.",
        f"{INFERRED} from the full names in the examples of {REFERENCE}#get-groups-id-2",
    ),
    Flag(
        "answers_group_patch_with_body",
        default=True,
        doc="Whether PATCH of a group answers 200 with the group in version 2. Off: 204. Version 1 always says 204.",
        source=f"{REFERENCE}#patch-groups-id-2 shows the body; its status is inferred",
    ),
)

_LISTS = (
    Flag(
        "lists_deactivated_users",
        default=True,
        doc="Whether a list without a filter has deactivated users too. With a filter they are always found.",
        source=INFERRED,
    ),
    _choice(
        "list_order",
        "oldest_first",
        ("oldest_first", "newest_first"),
        "The order of lists.",
        INFERRED,
    ),
    Flag(
        "filters_on_other_attributes",
        default=False,
        doc="Whether filters may name attributes beyond the documented ones (userName, email, restricted, "
        "ultra_restricted; displayName of groups). Off: invalid_query.",
        source=f"{REFERENCE}#filter; https://learn.microsoft.com/en-us/entra/identity/saas-apps/slack-provisioning-"
        "tutorial: only userName and email match",
    ),
)

_WIRE = (
    Flag(
        "discovery_needs_token",
        default=True,
        doc="Whether ResourceTypes and Schemas need a valid token. ServiceProviderConfig never does.",
        source=INFERRED,
    ),
    Flag(
        "announces_patch",
        default=True,
        doc="Whether ServiceProviderConfig says that PATCH is supported.",
        source="recorded as false in 2019 (go-slack-scimapi) and as true in 2020 (python-slack-scim)",
    ),
    Flag(
        "v2_errors_in_v1_shape",
        default=False,
        doc="Whether version 2 tells all errors as version 1 does, not just failures of authentication.",
        source=f"{REFERENCE}#example-error is the only example of version 2",
    ),
)

FLAGS = (*COMMON_FLAGS, *_ORGANISATION, *_USERS, *_GROUPS, *_LISTS, *_WIRE, *_STATUSES)


def named(text: str) -> frozenset[str]:
    """The names of a flag that lists them, as they are compared."""
    return frozenset(name.strip().casefold() for name in text.split(",") if name.strip())
