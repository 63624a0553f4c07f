"""The flags of the GitHub target: what its pages leave open, and what an administrator of the enterprise decides.

A default is the documented behaviour; where the pages leave something open, `source` gives the reason of the default.
"""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.flags import Flag, FlagValue, flag, text_flag

_DOCS = "docs.github.com/en/enterprise-cloud@latest"
REST = f"{_DOCS}/rest/enterprise-admin/scim"
ORG = f"{_DOCS}/rest/scim/scim"
GUIDE = f"{_DOCS}/admin/managing-iam: provisioning users and groups with SCIM using the REST API"
NAMES = f"{_DOCS}/admin/managing-iam: username considerations for external authentication"
DEPROVISIONING = f"{_DOCS}/admin/managing-iam: deprovisioning and reinstating users"
SERVER = "docs.github.com/en/enterprise-server@3.18/rest/enterprise-admin/scim"
LIMITS = "docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"
TROUBLE = "docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api"

GITHUB_FLAGS: tuple[Flag, ...] = (
    *COMMON_FLAGS,
    text_flag("enterprise", "acme", "Slug of the enterprise; every other one is unknown. Empty: any slug means it.",
              REST),
    text_flag("organization", "acme", "Name of the organization; others are unknown. Empty: any name means it.", ORG),
    flag("serves_enterprise_path_on_server", True, "Whether the path of a GitHub Enterprise Server may also name an "
         "enterprise. Off: only the documented path without one exists.", f"{SERVER} has no such part; g2g-scim-sync "
         "1.0.0 sends it"),
    text_flag("token_scopes", "scim:enterprise, admin:org", "Scopes that the token has. Enterprise SCIM asks for "
              "scim:enterprise or admin:enterprise, organization SCIM for admin:org.", f"{REST}; {ORG}"),
    flag("missing_scope_status", "403|404", "Status when the token lacks the scope; 404 hides what exists.",
         f"{TROUBLE}: either occurs"),
    flag("requires_user_agent", True, "Whether a request without User-Agent is refused (403).", f"{GUIDE}; the status "
         "is inferred, the page names none"),
    flag("refuses_unknown_api_versions", True, "Whether an X-GitHub-Api-Version that does not exist is refused (400). "
         "Off: it is passed over.", TROUBLE),
    flag("refusal_shape", "basic|scim", "Body of 401 and 403: GitHub's basic error or a SCIM error.", f"{REST} gives "
         "no schema; inferred from the REST API as a whole"),
    flag("conflict_shape", "scim|basic", "Body of 409: a SCIM error with scimType uniqueness, or basic.", f"{REST} "
         "gives no schema; clients read scimType"),
    flag("required_attributes", "observed|documented", "Which attributes must be there: those that live clients show "
         "to be needed, or all that the API description calls required (active, displayName, type and primary of "
         "e-mails, both names, displayName of members).", f"{REST} against gh-scim's live tests and g2g-scim-sync "
         "1.0.0, which leave some out"),
    text_flag("shortcode", "acme", "Short code that ends every login, `_acme`. Empty: hidden, as with data residency, "
              "which leaves 30 characters for the login.", NAMES),
    flag("max_login_length", 39, "Most characters of a login, short code included.", NAMES),
    flag("unique_emails", True, "Whether an e-mail address belongs to one user of the enterprise only (409).",
         f"inferred from {NAMES}: conflicts exist within an enterprise"),
    flag("refuses_unknown_roles", True, "Whether a role that is not among the documented values is refused (400).",
         f"inferred from the list of values of {REST}"),
    flag("folds_user_names", True, "Whether a filter on userName disregards case.", "inferred: GitHub's logins do"),
    flag("applies_filtered_user_paths", True, "Whether PATCH of a user acts on paths with a filter, such as "
         "emails[type eq 'work'].value. Off: they have no effect.", f"{REST} says no effect, and shows an example"),
    flag("hides_suspended_members", True, "Whether groups leave out members who are suspended.", DEPROVISIONING),
    flag("obfuscates_suspended_users", False, "Whether userName and e-mail of a suspended user read obfuscated.",
         f"not stated for SCIM: {DEPROVISIONING} speaks of the account, the identity stays linked"),
    flag("reinstates_on_create", False, "Whether POST of a suspended user's externalId reinstates that user (201, the "
         "same id). Off: 409.", "not stated; inferred from the uniqueness of externalId"),
    text_flag("local_logins", "", "Accounts of a GitHub Enterprise Server that SCIM did not make, with commas "
              "between.", f"{SERVER}: user provisioning with SCIM"),
    flag("links_local_logins", True, "Whether POST for one of `local_logins` links that account (201). Off: 409.",
         f"{SERVER}: user provisioning with SCIM"),
    flag("answers_group_patch_with_body", True, "Whether PATCH of a group answers 200 with the group; off: 204.",
         f"{REST} lists both and does not say when"),
    flag("unknown_members", "rejected|not_found|skipped", "A member id that no user has: 400, 404, or the member is "
         "left out.", f"inferred; {REST} only says that users must exist"),
    flag("unique_group_names", False, "Whether two groups may not share a displayName (409).", f"not stated; {REST} "
         "calls only externalId unique"),
    flag("max_members_per_request", None, "Most members that one operation may name (400 beyond); null: any number.",
         f"{REST} advises batches and names no maximum"),
    flag("accepts_capital_operations", True, "Whether PATCH takes Add, Replace and Remove in any case.", "inferred: "
         "Entra ID sends them in its older dialect"),
    flag("default_page_size", 30, "Resources in a page when no count is asked for.", REST),
    flag("max_page_size", 100, "Most resources in a page, whatever count is asked for.", "inferred: GitHub's pages end "
         "at 100; clients ask for 100"),
    flag("users_per_hour", 1000, "Users that may be created in an hour, when limits are enforced.", GUIDE),
    flag("group_additions_per_hour", 1000, "Members that may join one group in an hour, when limits are enforced.",
         GUIDE),
    flag("requests_per_hour", 15000, "Requests that a token may make in an hour, when limits are enforced; "
         "x-ratelimit-limit.", "not stated; examples of GET /rate_limit show 15000 for scim"),
    flag("rate_limit_status", "429|403", "Status when a limit is reached.", f"{LIMITS}: either occurs"),
    flag("answers_retry_after", True, "Whether a refusal for too many requests says when to try again.", f"{LIMITS}: "
         "it may"),
    flag("shows_rate_limit", True, "Whether every answer carries x-ratelimit headers.", LIMITS),
    flag("answers_removal_with_body", True, "Whether PATCH or PUT with active false, which removes a member of the "
         "organization, answers 200 with the user as it was; off: 204.", f"inferred; {ORG} does not state it"),
)  # fmt: skip

PROFILES: Mapping[str, Mapping[str, FlagValue]] = {
    "enterprise_cloud": {"shortcode": "acme", "required_attributes": "observed"},
    "data_residency": {"shortcode": "", "required_attributes": "observed"},
    "api_description": {"shortcode": "acme", "required_attributes": "documented"},
}
"""`api_description`: exactly what GitHub's OpenAPI description says, as generated clients understand it."""
