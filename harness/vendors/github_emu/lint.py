"""Rules for GitHub's SCIM API (Enterprise Managed Users): what it asks for, filters by, and does not offer.

Source: https://docs.github.com/en/enterprise-cloud@latest/rest/enterprise-admin/scim and the guide beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.dialect import Dialect, known
from provcheck.harness.lint.exchange import Exchange
from provcheck.harness.lint.rule import Violation, defined_in, on_each, rule
from provcheck.harness.lint.rules.resources import CORE
from provcheck.harness.vendors.github_emu import ALIASES

REST = "docs.github.com, REST API endpoints for enterprise SCIM"
GUIDE = "docs.github.com, Provisioning users and groups with SCIM using the REST API"
TROUBLE = "docs.github.com, Troubleshooting the REST API"
NAMES = "docs.github.com, Username considerations for external authentication"
FILTERS = {
    "Users": frozenset({"username", "externalid", "id", "displayname"}),
    "Groups": frozenset({"externalid", "id", "displayname"}),
}
ORGANIZATION = frozenset({"username", "externalid", "id", "emails"})
MOST = 100
AN_HOUR = 3600.0
PER_HOUR = 1000
ROLES = {"user", "guest_collaborator", "enterprise_owner", "billing_manager"}
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SINGLE = re.compile(r'\s*([\w.:-]+)\s+eq\s+"(?:[^"\\]|\\.)*"\s*', re.IGNORECASE)


def _organization(x: Exchange) -> bool:
    return "/organizations/" in x.path.casefold()


def _full(x: Exchange, resource: str) -> bool:
    return x.resource == resource and bool(x.body) and (x.creates or (x.updates and x.method == "PUT"))


@on_each("GITHUB001", "error", f"{GUIDE}; {TROUBLE}", "Send a User-Agent with every request.")
def a_request_says_who_sends_it(x: Exchange) -> Iterator[str]:
    """Every request has a User-Agent; GitHub refuses those without."""
    if not x.headers.get("user-agent", "").strip():
        yield "no User-Agent"


@on_each("GITHUB002", "error", f"{REST} (filter)", 'Send one comparison: attribute eq "value".')
def a_filter_is_one_equality(x: Exchange) -> Iterator[str]:
    """A filter is a single comparison with eq."""
    if x.filter and not _SINGLE.fullmatch(x.filter):
        yield x.filter


@on_each(
    "GITHUB003",
    "error",
    f"{REST} (filter)",
    "Filter users by userName, externalId, id or displayName, groups by the last three.",
)
def a_filter_names_what_github_filters_by(x: Exchange) -> Iterator[str]:
    """A filter names an attribute that GitHub filters this kind of resource by."""
    single = _SINGLE.fullmatch(x.filter)
    allowed = ORGANIZATION if _organization(x) else FILTERS.get(x.resource, frozenset())
    if single and allowed and single[1].rpartition(":")[2].casefold() not in allowed:
        yield f"{single[1]} of {x.resource}"


@on_each("GITHUB004", "info", f"{REST} (count); pages of GitHub's REST API hold 100", "Ask for count=100.")
def pages_have_a_hundred_at_most(x: Exchange) -> Iterator[str]:
    """`count` is at most 100."""
    count = x.params.get("count", "")
    if count.isdecimal() and int(count) > MOST:
        yield f"count={count}"


@on_each("GITHUB005", "info", f"{REST} (roles)", 'Send "roles": [{"value": "user"}], or the role that is meant.')
def a_user_has_a_role(x: Exchange) -> Iterator[str]:
    """A user is written with a role; without one the account is shown as unaffiliated."""
    if _full(x, "Users") and not x.body.get("roles") and not _organization(x):
        yield "no roles"


@on_each("GITHUB006", "error", f"{REST} (roles)", f"Send one of {', '.join(sorted(ROLES))}, or the id of an app role.")
def a_role_is_one_that_github_knows(x: Exchange) -> Iterator[str]:
    """A role is one of GitHub's four, or the id of an app role."""
    roles = x.body.get("roles")
    for each in roles if isinstance(roles, list) else ():
        value = each.get("value") if isinstance(each, dict) else each
        if not isinstance(value, str) or (value.casefold() not in ROLES and not _GUID.fullmatch(value)):
            yield f"role {value!r}"


@rule(
    "GITHUB007",
    "warning",
    f"{REST} (set SCIM information for a provisioned enterprise group)",
    "Send the members with every PUT, or use PATCH.",
)
def a_put_of_a_group_has_members(conversation: Conversation) -> Iterator[Violation]:
    """A PUT of a group carries its members: without them GitHub empties it.

    A client that sent members with a PUT before may mean it: it leaves out what is empty.
    """
    for x, memory in conversation.remembering():
        if x.method != "PUT" or x.resource != "Groups" or not x.body:
            continue
        if "members" in x.body:
            return
        if x.key not in memory.documents or memory.documents[x.key].get("members"):
            yield Violation((x.number,), "no members")


@on_each("GITHUB008", "error", TROUBLE, "Leave out the slash at the end.")
def no_path_ends_with_a_slash(x: Exchange) -> Iterator[str]:
    """No path ends with a slash: GitHub answers 404."""
    if x.path.endswith("/"):
        yield x.path


@on_each("GITHUB009", "error", f"{REST} (externalId)", "Send the id at the identity provider as externalId.")
def users_and_groups_have_an_external_id(x: Exchange) -> Iterator[str]:
    """Users and groups are written with an `externalId`, which GitHub asks for."""
    if (_full(x, "Users") or _full(x, "Groups")) and not x.body.get("externalId") and not _organization(x):
        yield "no externalId"


@on_each(
    "GITHUB010", "warning", f"{REST} (body parameters)", "Send displayName, and value, type and primary of each e-mail."
)
def a_user_is_complete(x: Exchange) -> Iterator[str]:
    """A user is written with a displayName, and with emails that have value, type and primary.

    A PUT without them is how one that was cleared at the source is cleared.
    """
    if not _full(x, "Users"):
        return
    creates = x.method == "POST"
    if creates and not x.body.get("displayName") and not _organization(x):
        yield "no displayName"
    emails = x.body.get("emails")
    if creates and not emails:
        yield "no emails"
    for each in emails if isinstance(emails, list) else ():
        missing = [name for name in ("value", "type", "primary") if isinstance(each, dict) and name not in each]
        if missing:
            yield f"an e-mail address without {', '.join(missing)}"


@on_each("GITHUB011", "info", f"{TROUBLE} (API versions)", "Send X-GitHub-Api-Version: 2022-11-28, or 2026-03-10.")
def a_request_names_the_version_of_the_api(x: Exchange) -> Iterator[str]:
    """A request names the version of the API that the client was written for."""
    if "x-github-api-version" not in x.headers:
        yield "no X-GitHub-Api-Version"


@on_each("GITHUB012", "info", f"{REST} (endpoints)", "Take what the documentation says; there is nothing to discover.")
def only_what_github_offers_is_called(x: Exchange) -> Iterator[str]:
    """GitHub documents Users and Groups: no ServiceProviderConfig, Schemas, ResourceTypes, Bulk, Me, .search."""
    if (x.resource and x.resource not in CORE) or x.searches:
        yield str(x)


@on_each("GITHUB013", "warning", f"{REST} (schemas)", "Send the core schema only; GitHub keeps nothing else.")
def only_the_core_schema_is_sent(x: Exchange) -> Iterator[str]:
    """A user or group names the core schema and no extension."""
    if x.creates or (x.updates and x.method == "PUT"):
        yield from (str(urn) for urn in x.schemas if ":extension:" in str(urn).casefold())


@rule("GITHUB014", "info", f"{GUIDE} (rate limits)", "Spread the first sync over the hours it needs.")
def no_more_users_than_github_takes_in_an_hour(conversation: Conversation) -> Iterator[Violation]:
    """At most 1,000 users are created within an hour."""
    made = [x for x in conversation if x.creates and x.resource == "Users" and x.at is not None]
    for first, last in zip(made, made[PER_HOUR:], strict=False):
        if first.at and last.at and (last.at - first.at).total_seconds() < AN_HOUR:
            yield Violation((first.number, last.number), f"more than {PER_HOUR} users within an hour")
            break


@on_each("GITHUB015", "error", NAMES, "Send a userName that begins and ends with a letter or digit.")
def user_names_become_logins(x: Exchange) -> Iterator[str]:
    """What GitHub makes of a userName is a login: no hyphen first, last or twice, at most 39 characters."""
    name = x.body.get("userName")
    if not _full(x, "Users") or not isinstance(name, str) or _organization(x):
        return
    login = re.sub(r"[^A-Za-z0-9]", "-", re.split(r"@|#EXT#", name.rpartition("\\")[2])[0])
    if not login or login.startswith("-") or login.endswith("-") or "--" in login or len(login) > 39:
        yield f"{name} becomes {login!r}"


@on_each(
    "GITHUB016",
    "warning",
    f"{REST} (update an attribute for a provisioned enterprise user)",
    "Replace emails as a whole.",
)
def paths_of_users_have_no_filter(x: Exchange) -> Iterator[str]:
    """In a PATCH of a user, paths have no filter: GitHub says that they have no effect."""
    if x.resource == "Users" and x.updates:
        yield from (str(op["path"]) for op in x.operations if "[" in str(op.get("path")))


DIALECT = Dialect(
    "github_emu",
    known(
        *("password_updates", "patch_message", "extension_paths", "filter_grammar", "excluded_attributes"),
        *("extensions_replaced", "schemas_named"),
    ),
    defined_in(globals()),
    aliases=ALIASES,
    places=re.compile(r"github|\.ghe\.com|/enterprises/|/organizations/|/api/v3/scim/", re.IGNORECASE),
    # Of an organization, "schemas" is an optional parameter in the page "REST API endpoints for SCIM".
    exceptions=((re.compile(r"/organizations/", re.IGNORECASE), known("schemas_named")),),
)
