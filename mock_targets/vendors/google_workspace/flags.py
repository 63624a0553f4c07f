"""What is particular to Google Workspace and can be switched: what its pages leave open, with the inferred default."""

from __future__ import annotations

from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.flags import Flag, flag, names_flag, text_flag

DOMAIN = "example.com"
"""The primary domain of the account, unless the flag says otherwise; seeds are written for it."""
REFERENCE = "https://developers.google.com/workspace/admin/directory/reference/rest/v1"
LIMITS = "https://developers.google.com/workspace/admin/directory/v1/limits"
DISCOVERY = "https://admin.googleapis.com/$discovery/rest?version=directory_v1"
INFERRED = "not documented; the default is inferred"
RECORDED = "recorded answers of the service (JupiterOne/graph-google, __recordings__; demisto/content, GSuiteAdmin)"
FIELD = "reported by clients in the field"


def _seconds(name: str, doc: str, source: str) -> Flag:
    return Flag(name, 0, f"{doc} In seconds; 0: at once.", source, "integer")


FLAGS: tuple[Flag | str, ...] = (
    *COMMON_FLAGS,
    text_flag("customer_id", "C01example", "The id of the account; my_customer stands for it as well.", DISCOVERY),
    names_flag("domains", DOMAIN, "The domains of the account, the primary one first. Addresses of users and groups "
               "are within them.", f"{REFERENCE}/domains"),
    Flag("org_units", None, "The paths of the organizational units that exist, with commas between; null: any path "
         "that begins with a slash.", f"{REFERENCE}/orgunits; {INFERRED}", "string"),
    flag("foreign_domain_refusal", "not_found|invalid", "How an address of a new user in a foreign domain is "
         "refused: 404 \"Domain not found.\" or 400 \"Invalid Input: primary_user_email\".", f"{FIELD}: both occur"),
    flag("unknown_member_refusal", "not_found|required", "How an unknown address in an own domain is refused as a "
         "member: 404 notFound or 400 required (memberKey).", f"{FIELD}: both occur"),
    flag("large_pages", "refused|clamped", "What a maxResults above the limit leads to: 400 invalid, or a page of the "
         "largest size.", INFERRED),
    flag("patch_clears_lists", False, "Whether a PATCH with null clears a field that holds a list; a PUT always does.",
         f"{DISCOVERY}, users.patch: it cannot; clients (GAM) report that it does"),
    flag("empty_list_keeps_last_entry", False, "Whether an empty list leaves the last entry, in a PATCH and in a PUT "
         "that names nothing but that field.", f"{FIELD} (baton-google-workspace, against the service)"),
    flag("rename_answers_conflict", False, "Whether a change of primaryEmail is carried out and answered 409 conflict.",
         "github.com/googleapis/google-api-python-client/issues/949"),
    flag("insert_answer", "thin|full", "What the answer to users.insert shows: a few fields and what was sent, or "
         "the whole user.", RECORDED),
    flag("quota_reason", "userRateLimitExceeded|quotaExceeded|rateLimitExceeded", "How the quota is refused: 403 by "
         "user, 403 by concurrency, or 429.", f"{LIMITS}; the retry lists of clients have all three"),
    flag("sends_retry_after", False, "Whether a refusal because of the quota has a Retry-After.",
         f"{LIMITS}: exponential backoff is advised, no header is documented"),
    flag("late_undelete_status", "412|400", "The status of an undelete after 20 days (conditionNotMet).", INFERRED),
    _seconds("creation_takes", "How long users.update, users.delete and aliases.insert of a new user are refused with "
             "412 \"User creation is not complete.\".", f"{FIELD}: 5 to 40 seconds"),
    _seconds("visibility_delay_by_id", "How long a new user or group is unknown by its id.",
             f"{FIELD}: 404 for a while"),
    _seconds("visibility_delay_by_filter", "How long a new user or group is left out of lists.",
             "https://developers.google.com/workspace/admin/directory/v1/guides/search-users: up to 36 hours"),
)  # fmt: skip
