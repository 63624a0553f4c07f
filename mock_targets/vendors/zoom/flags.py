"""The flags of the Zoom target: what its pages leave open, and how the account is set up."""

from __future__ import annotations

from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.flags import Flag, flag, names_flag, text_flag

SCIM = "developers.zoom.us/docs/api/scim2"
LIMITS = "developers.zoom.us/docs/api/rate-limits"
OAUTH_REASONS = "developers.zoom.us/docs/integrations/oauth-error-messages"
FORUM = "devforum.zoom.us/t/7646"

TOKEN_SCOPES = text_flag(
    "token_scopes", "scim2, user:read:admin, user:write:admin, user:master", "Scopes that the token has. SCIM asks for "
    "scim2 or scim2:admin, the users API for one of user:read, user:write or user:master; without it a request is "
    "refused (400, code 4711).", f"{SCIM}; github.com/JubaerHossain/zoom-laravel/issues/15"
)  # fmt: skip
KEEPS_LICENCE = flag(
    "keeps_licence_of_disabled", False, "Whether a user keeps the licence when turned off. Off: userType falls to "
    "Basic, and turning on again does not bring it back.", "developers.zoom.us, Users API, status of a user: "
    "deactivating strips all licences"
)  # fmt: skip
USERS_FLAGS: tuple[Flag, ...] = (
    *COMMON_FLAGS,
    TOKEN_SCOPES,
    KEEPS_LICENCE,
    flag("invites_users", True, "Whether a user made by the action create of the users API is pending until the "
         "invitation is accepted, which nobody does here.", "docs.rs/zoom-api, UserCreateRequestAction"),
)  # fmt: skip

ZOOM_FLAGS: tuple[Flag, ...] = (
    *COMMON_FLAGS,
    flag("has_single_sign_on", True, "Whether single sign-on is set up for the account. Off: SCIM refuses every write "
         "(400).", f"{SCIM}: SSO is a prerequisite"),
    names_flag("pending_addresses", "", "Addresses whose invitation is pending, expired or deleted: a look-up of "
               "one is refused (400), not answered with an empty list.", FORUM),
    TOKEN_SCOPES,
    KEEPS_LICENCE,
    flag("shows_whole_users_in_lists", False, "Whether lists show users as single reads do. Off: without title, "
         "locale, phone numbers, roles and the rest of the extensions.", "devforum.zoom.us/t/111286"),
    flag("serves_v2_prefix", True, "Whether the paths are also served below /v2/scim2.",
         "developers.zoom.us/changelog/scim2, since December 2025"),
    flag("default_page_size", 100, "Resources in a page when no count is asked for.", "not documented"),
    flag("max_page_size", 1000, "Most resources in a page, whatever count is asked for.", "not documented"),
    flag("unknown_members", "rejected|skipped", "A member id that nobody has: 400, or the member is left out.",
         "not documented"),
    flag("supports_group_put", False, "Whether PUT of a group is offered. Off: 501.", f"{SCIM} lists GET, PATCH and "
         "DELETE of a group"),
    flag("answers_user_patch_with_body", True, "Whether PATCH of a user answers 200 with the user; off: 204.",
         f"{SCIM}, deactivate a user: 200"),
)  # fmt: skip
