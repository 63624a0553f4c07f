"""What service providers do within the RFC, or just outside of it, that clients stumble over: one flag for each.

The flags are off (or at the RFC's reading) by default; the checks here are what the views request before they act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.errors import PayloadTooLarge
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.query.compile import Filter
from provcheck.mock_targets.scim.errors import InvalidPath, NotOffered, TooManyMembers
from provcheck.mock_targets.scim.write_rules import WriteRule
from provcheck.mock_targets.target.flags import Behaviour, Flag

VENDOR_LIMITS = (
    Flag(
        "max_members_in_a_request",
        default=None,
        type="integer",
        doc="Most members that one request may name; null: any number.",
        source="AWS IAM Identity Center developer guide, PatchGroup: 100; Miro, Rate limits: 8000",
    ),
    Flag(
        "too_many_members_answer",
        default="400",
        type="string",
        choices=("400", "413"),
        doc="The status of the refusal of a request that names more members than that.",
        source="AWS IAM Identity Center answers 400, Miro 413",
    ),
    Flag(
        "shows_members",
        default=True,
        doc="Whether the members of a group are listed when it is read. Off: they can only be asked for by a filter.",
        source="AWS IAM Identity Center developer guide, GetGroup: members are not returned",
    ),
    Flag(
        "accepts_patch_without_path",
        default=True,
        doc="Whether an operation of a PATCH may leave out its path and give an object of attributes.",
        source="RFC 7644 section 3.5.2 allows it; AWS IAM Identity Center and Zulip refuse it",
    ),
    Flag(
        "filters_on_any_attribute",
        default=True,
        doc="Whether filters may name every attribute. Off: id, userName, externalId, emails and displayName alone.",
        source="AWS IAM Identity Center developer guide, ListUsers and ListGroups: filters on few attributes",
    ),
    Flag(
        "supports_search",
        default=True,
        doc="Whether a search by POST (`/.search`, `/Users/.search`) is offered. Off: 501.",
        source="RFC 7644 section 3.4.3; AWS IAM Identity Center developer guide, Limitations: not supported",
    ),
    Flag(
        "supports_index_paging",
        default=True,
        doc="Whether `startIndex` is read. Off: it is passed over, and the next page can only be had by a cursor.",
        source="RFC 9865 section 2.4; AWS IAM Identity Center developer guide, ListUsers: not supported",
    ),
    Flag(
        "supports_attribute_selection",
        default=True,
        doc="Whether `attributes` and `excludedAttributes` are read. Off: they are passed over.",
        source="RFC 7644 section 3.9; AWS IAM Identity Center developer guide, ListUsers: not supported",
    ),
    Flag(
        "counts_results_of_cursors",
        default=True,
        doc="Whether a page by cursor tells totalResults.",
        source="RFC 9865 section 2: it may be left out; AWS IAM Identity Center developer guide, ListUsers",
    ),
    Flag(
        "supports_group_put",
        default=True,
        doc="Whether PUT of a group is offered. Off: 501.",
        source="RFC 7644 section 3.5.1; Keycloak's SCIM server plans to offer none for groups",
    ),
    Flag(
        "deletes_by_disabling",
        default=False,
        doc="Whether DELETE of a user only turns it off: it can still be read, and its name stays taken.",
        source="Quickbase, restrictions using the SCIM API: a deleted user is deactivated",
    ),
    Flag(
        "lists_inactive_users",
        default=True,
        doc="Whether lists and filters show users that are turned off.",
        source="GitLab, Troubleshooting SCIM: a name is taken by a user whom no look-up finds",
    ),
    Flag(
        "filters_find_inactive_users",
        default=False,
        doc="Whether filters find users that are turned off although lists do not show them (`lists_inactive_users`).",
        source="a list of people at work and a look-up by name are different queries in many stores",
    ),
    Flag(
        "matches_user_names_by_case",
        default=False,
        doc="Whether a filter on userName compares letter by letter. A name stays taken whatever its case.",
        source="against RFC 7643 section 4.1.1 (caseExact false); seen at Zulip, Langfuse and others",
    ),
    Flag(
        "stores_user_names_in_lower_case",
        default=False,
        doc="Whether user names are kept in lower case, whatever was sent.",
        source="Ory Polis, Open WebUI, Keycloak",
    ),
    Flag(
        "deactivation_delay",
        default=0,
        type="integer",
        doc="Seconds for which a user whom DELETE turned off (`deletes_by_disabling`) is still shown as active.",
        source="directories with replicas in general; clients of vendors are seen to poll for it",
    ),
    Flag(
        "list_order",
        default="oldest_first",
        type="string",
        choices=("oldest_first", "newest_first"),
        doc="The order of lists that are not sorted.",
        source="RFC 7644 section 3.4.2.3: without sortBy the order is the provider's",
    ),
    Flag(
        "visibility_delay_by_id",
        default=0,
        type="integer",
        doc="Seconds for which what was created is not to be had by its id.",
        source="PingFederate, Lucidchart connector, known limitations: a fresh id is unknown for a while",
    ),
    Flag(
        "visibility_delay_by_filter",
        default=0,
        type="integer",
        doc="Seconds for which what was created is not in lists, and found by no filter.",
        source="directories with replicas in general",
    ),
)


def is_public(request: Request) -> bool:
    """Whether the request is for a discovery endpoint that needs no credentials."""
    public = request.behaviour.discovery_without_token
    if request.operations.exchange.operation != "discovery" or request.header("Authorization") is not None:
        return False  # credentials that are given are looked at
    return bool(public == "all" or (public == "config" and "/ServiceProviderConfig" in request.path))


@lru_cache(maxsize=64)
def parameters_read(behaviour: Behaviour, offered: tuple[str, ...]) -> tuple[str, ...]:
    """The query parameters that are read among those that the protocol has; the others are passed over."""
    unread: tuple[str, ...] = () if behaviour.supports_index_paging else ("startIndex",)
    if not behaviour.supports_attribute_selection:
        unread += ("attributes", "excludedAttributes")
    return tuple(name for name in offered if name not in unread)


def check_members(request: Request, edits: Sequence[MembershipEdit]) -> None:
    """Raises InvalidValue or PayloadTooLarge when a request names more members than the target takes."""
    most = request.behaviour.max_members_in_a_request
    named = sum(len(edit.members) for edit in edits)
    if most is None or named <= most:
        return
    told = f"a request may name {most} members at most, not {named}"
    raise PayloadTooLarge(told) if request.behaviour.too_many_members_answer == "413" else TooManyMembers(told)


def check_paths(request: Request, body: Any) -> None:
    """Raises InvalidPath for a PATCH without paths, where they are demanded."""
    if request.behaviour.accepts_patch_without_path or not isinstance(body, dict):
        return
    for key, value in body.items():
        if key.lower() == "operations" and isinstance(value, list):
            for each in value:
                if isinstance(each, dict) and not any(k.lower() == "path" and v for k, v in each.items()):
                    raise InvalidPath("every operation needs a path here")


def check_put(request: Request, kind: str) -> None:
    """Raises NotOffered for a PUT of a group, where there is none."""
    if kind == "Group" and not request.behaviour.supports_group_put:
        raise NotOffered("PUT of groups is not supported")


def write_rules(behaviour: Behaviour) -> Mapping[str, Mapping[str, WriteRule]]:
    """What happens to single attributes of a kind when they are written."""
    is_fixed, in_lower_case = behaviour.user_name_is_immutable, behaviour.stores_user_names_in_lower_case
    if not is_fixed and not in_lower_case:
        return {}
    update = "refused" if is_fixed else "accepted"
    rule = WriteRule(update=update, flag="user_name_is_immutable", form=str.lower if in_lower_case else None)
    return {"User": {"userName": rule}}


def hide_fresh(request: Request, record: Record) -> None:
    """Hide a new resource for as long as the target's replication lag lasts."""
    by_id, by_filter = request.behaviour.visibility_delay_by_id, request.behaviour.visibility_delay_by_filter
    if by_id or by_filter:
        request.target.replication_lag.hide(record.id, by_id=by_id, by_filter=by_filter)


def blind_spot(kind: str, can: Behaviour) -> Callable[[Record, Filter | None], bool] | None:
    """Which matching resources a search passes over; None when it passes over none."""
    by_case, all_users, finds_all = (
        can.matches_user_names_by_case,
        can.lists_inactive_users,
        can.filters_find_inactive_users,
    )
    if kind == "Group" or (all_users and not by_case):
        return None

    def passes_over(record: Record, where: Filter | None) -> bool:
        if not all_users and record.document.get("active") is False and not (where and finds_all):
            return True
        wanted = [each.value for each in where.equalities if each.path == "userName"] if by_case and where else []
        return any(value != record.document.get("userName") for value in wanted)

    return passes_over
