"""Where our target and scim2-server may differ, and what decides it: a table, one row for each difference.

A row with `even` takes the difference out of both bodies before they are compared; a row with `excuses` recognises a
pair of answers. `rule` says in one sentence what the section that it names lays down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.scim import differences as differ
from tests.scim.differences import Even, Step
from tests.scim.differential_peers import Seen


@dataclass(frozen=True, slots=True)
class Allowance:
    """One difference that is allowed."""

    name: str
    section: str
    rule: str
    excuses: Callable[[Step, Seen, Seen], bool] | None = None
    even: Even | None = None


def one_of_several(step: Step, ours: Seen, theirs: Seen) -> bool:
    """Whether each operation of a bulk request that differs would be excused if it came alone."""
    if step.path != "/Bulk" or not (ours.status == theirs.status == 200):
        return False
    left, right = ours.whole["Operations"], theirs.whole["Operations"]
    rows = [row.excuses for row in ALLOWANCES if row.excuses and row.name != "one of several"]
    odd = [
        (Step(item.get("method", ""), item.get("path", ""), item.get("data")), differ.alone(mine), differ.alone(other))
        for item, mine, other in zip(differ.operations_of(step), left, right)
        if differ.outcome_of(mine) != differ.outcome_of(other)
    ]
    return all(any(excuses(*each) for excuses in rows) for each in odd) and bool(odd or len(left) != len(right))


ALLOWANCES = (
    Allowance(
        "groups of a user",
        "RFC 7643 4.1.2",
        "`groups` lists the groups that a user belongs to; the server keeps it",
        even=differ.without_groups,
    ),
    Allowance(
        "what is said about a member",
        "RFC 7643 4.2",
        "`type` tells a user from a group; a server may fill it in",
        even=differ.bare_members,
    ),
    Allowance(
        "members that are gone",
        "RFC 7644 3.6",
        "what is deleted must not be found by any operation any more",
        even=differ.living_members,
    ),
    Allowance(
        "the same member twice",
        "RFC 7643 2.4",
        "the same value and type should not occur twice in one attribute",
        even=differ.distinct_members,
    ),
    Allowance(
        "a part without content",
        "RFC 7643 2.5",
        "what holds no value is unassigned, and need not be shown",
        even=differ.no_location,
    ),
    Allowance(
        "the status of a bulk PATCH",
        "RFC 7644 3.5.2",
        "a PATCH that worked is answered 200 or 204",
        even=differ.bulk_patch,
    ),
    Allowance(
        "schemas left out",
        "RFC 7643 3",
        "`schemas` is required, in resources and in messages",
        excuses=differ.lacks_schemas,
    ),
    Allowance(
        "a boolean as text", "RFC 7643 2.3.2", "a boolean is the literal true or false", excuses=differ.loose_boolean
    ),
    Allowance(
        "an empty userName",
        "RFC 7643 4.1.1",
        "each user must have a userName that is not empty",
        excuses=differ.empty_name,
    ),
    Allowance(
        "one name in two spellings",
        "RFC 7643 2.1",
        "attribute names are case-insensitive, so it is given twice",
        excuses=differ.says_twice,
    ),
    Allowance(
        "members that nobody is",
        "RFC 7643 4.2",
        "the value of a member is the id of a resource",
        excuses=differ.unknown_member,
    ),
    Allowance(
        "a member without id",
        "RFC 7643 4.2",
        "the value of a member is the id of a resource",
        excuses=differ.member_without_id,
    ),
    Allowance(
        "a selection of nothing",
        "RFC 7644 3.12",
        "noTarget is for a path whose filter yields no match",
        excuses=differ.nothing_selected,
    ),
    Allowance(
        "operation names in capitals",
        "RFC 7644 3.5.2",
        "`op` is one of add, remove and replace",
        excuses=differ.capital_operation,
    ),
    Allowance(
        "more members in an operation",
        "RFC 6902 4",
        "members that are not defined for an operation must be ignored",
        excuses=differ.more_members,
    ),
    Allowance(
        "the type of a broken message",
        "RFC 7644 3.12",
        "invalidSyntax is for a message whose structure is wrong",
        excuses=differ.broken_message,
    ),
    Allowance(
        "sub-attributes of a member",
        "RFC 7643 4.2",
        "members come and go, their sub-attributes are immutable",
        excuses=differ.settled_member,
    ),
    Allowance(
        "filters on groups",
        "RFC 7643 4.1.2",
        "`groups` lists the groups that a user belongs to",
        excuses=differ.membership_filter,
    ),
    Allowance(
        "filters on secrets",
        "RFC 7644 7.5.2",
        "a URI must not carry what is sensitive: 403 with `sensitive`",
        excuses=differ.secret,
    ),
    Allowance(
        "an extension as a name",
        "RFC 7643 3.3",
        "an extension is an attribute named by its URI",
        excuses=differ.extension_as_name,
    ),
    Allowance(
        "a complex attribute compared",
        "RFC 7644 3.12",
        "invalidFilter is for a comparison that is not supported",
        excuses=differ.complex_compared,
    ),
    Allowance(
        "the type of a bad sortBy",
        "RFC 7644 3.12",
        "invalidPath is about the path of a PATCH",
        excuses=differ.sort_type,
    ),
    Allowance(
        "what a POST shows",
        "RFC 7644 3.9",
        "any operation that answers with a resource heeds `attributes`",
        excuses=differ.shown_by_post,
    ),
    Allowance(
        "loose types in a search",
        "RFC 7644 3.4.3",
        "count is an integer, attributes a list of strings",
        excuses=differ.loose_search,
    ),
    Allowance(
        "circles of bulkIds",
        "RFC 7644 3.7.1",
        "a server must try to resolve a circle; 409 is for when it cannot",
        excuses=differ.circle,
    ),
    Allowance(
        "one of several",
        "RFC 7644 3.7.3",
        "each operation of a bulk request is answered as if it came alone",
        excuses=one_of_several,
    ),
    Allowance(
        "bulkId left out",
        "RFC 7644 3.7",
        "bulkId is required for a POST, in the answer as well",
        excuses=differ.bulk_id_left_out,
    ),
    Allowance(
        "an operation that is none",
        "RFC 7644 3.12",
        "invalidSyntax is for a message whose structure is wrong",
        excuses=differ.broken_item,
    ),
    Allowance(
        "a member said again in other words",
        "RFC 7644 3.5.1",
        "a replace gives readWrite attributes new values",
        excuses=differ.member_reworded,
    ),
    Allowance(
        "which of two refusals",
        "RFC 7644 3.12",
        "an answer tells of one error; none goes before the others",
        excuses=differ.other_refusal,
    ),
    Allowance("HEAD", "RFC 9110 9.1", "a server must support GET and HEAD", excuses=differ.headers_only),
)
