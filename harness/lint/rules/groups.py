"""Rules on memberships: who is put into a group, in how many requests, and what becomes of the other members."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.lint.conversation import Conversation, Memory, added_members, member_ids, names
from provcheck.harness.lint.exchange import Exchange, listed
from provcheck.harness.lint.rule import Violation, on_each, rule
from provcheck.harness.lint.rules.patch import MANY

MEMBERS = "RFC 7643, section 4.2"
ADDING = "RFC 7644, section 3.5.2.1"
SECONDS = 5.0
"""Single additions that follow each other so closely belong together."""


def _single_add(x: Exchange) -> bool:
    return x.method == "PATCH" and len(added_members(x)) == 1 and len(x.operations) <= 1 and not _replaces(x)


def _replaces(x: Exchange) -> bool:
    return any(str(op.get("op")).casefold() == "replace" for op in x.operations)


@rule(
    "SCIM701",
    "info",
    "RFC 7644, section 3.5.2 (Operations is a list); our advice",
    "Put all members into one operation, in chunks as large as the target allows.",
)
def members_travel_together(conversation: Conversation) -> Iterator[Violation]:
    """Several members are added in one request, not in a request each."""
    run: dict[str, list[Exchange]] = {}
    for x in conversation:
        if x.resource != "Groups" or not x.updates:
            continue
        row = run.setdefault(x.id, [])
        if not (_single_add(x) and x.good and (not row or x.after(row[-1]) < SECONDS)):
            yield from _too_many(row)
            row.clear()
        if _single_add(x) and x.good:
            row.append(x)
    for row in run.values():
        yield from _too_many(row)


def _too_many(row: list[Exchange]) -> Iterator[Violation]:
    if len(row) >= MANY:
        yield Violation(tuple(x.number for x in row), f"{len(row)} requests with one member each for {row[0].path}")


@rule("SCIM702", "error", MEMBERS, "Send the id that the target gave the user as value.")
def members_are_named_by_id(conversation: Conversation) -> Iterator[Violation]:
    """`value` of a member is the id at the target, not a user name, an e-mail address or an id of the source."""
    for x, memory in conversation.remembering():
        unknown = [each for each in added_members(x) if not memory.met("Users", each)]
        if unknown:
            users = (document for (kind, _), document in memory.documents.items() if kind == "Users")
            known = frozenset().union(*map(names, users))
            wrong = [each for each in unknown if each.casefold() in known]
            if wrong:
                yield Violation((x.number,), ", ".join(wrong[:3]))


@rule("SCIM703", "warning", MEMBERS, "Create users first; add members by ids that the target gave.")
def members_exist(conversation: Conversation) -> Iterator[Violation]:
    """No member is added that the target never showed and then refuses."""
    for x, memory in conversation.remembering():
        if x.status not in (400, 404, 422) or not memory.seen:
            continue
        unknown = [each for each in added_members(x) if not memory.met("Users", each)]
        if unknown:
            yield Violation((x.number,), f"{', '.join(unknown[:3])} refused with {x.status}")


@rule("SCIM704", "info", "RFC 9110, section 15.5; our advice", "Leave a refused member out until the user changes.")
def a_refused_member_is_not_added_again(conversation: Conversation) -> Iterator[Violation]:
    """A member that the target refused twice is not sent again for the same group."""
    refused: dict[tuple[str, str], list[Exchange]] = {}
    for x in conversation:
        if x.writes and x.resource == "Users" and x.good:
            refused = {key: each for key, each in refused.items() if key[1] != (x.id or x.answer.get("id"))}
        if not _single_add(x):
            continue
        row = refused.setdefault((x.id, added_members(x)[0]), [])
        if len(row) > 1:
            yield Violation((*(each.number for each in row), x.number), f"{added_members(x)[0]} again for {x.path}")
        row[:] = [*row, x] if x.status in (400, 404, 422) else []


@rule("SCIM705", "info", ADDING, "Compare with the members that were read, and add the missing ones.")
def members_are_not_added_twice(conversation: Conversation) -> Iterator[Violation]:
    """Nobody is added who was just shown to be a member."""
    for x, memory in conversation.remembering():
        present = set(member_ids(memory.documents.get(x.key, {}).get("members") or []))
        adds = x.method == "PATCH" and not _replaces(x)
        again = [each for each in added_members(x) if each in present] if adds and present else []
        if again:
            yield Violation((x.number,), f"{', '.join(again[:3])} in {x.path}")


@on_each("SCIM706", "warning", MEMBERS, "Name every member once.")
def a_list_of_members_has_nobody_twice(x: Exchange) -> Iterator[str]:
    """No member is named twice in one list."""
    found = added_members(x)
    twice = sorted({each for each in found if found.count(each) > 1}) if len(found) < 5000 else []
    if twice:
        yield ", ".join(twice[:3])


@rule("SCIM707", "error", "RFC 7644, section 3.5.1", "Send the members with every PUT, or use PATCH.")
def a_put_of_a_group_keeps_its_members(conversation: Conversation) -> Iterator[Violation]:
    """A PUT without `members` empties a group that was shown to have some.

    A client that sent members with a PUT before may mean it: it leaves out what is empty.
    """
    for x, memory in conversation.remembering():
        if x.method != "PUT" or x.resource != "Groups" or not x.body:
            continue
        if "members" in x.body:
            return
        if _members(x, memory):
            yield Violation((x.number,), f"{x.path} had {_members(x, memory)} members")


def _members(x: Exchange, memory: Memory) -> int:
    return len(member_ids(memory.documents.get(x.key, {}).get("members") or []))


@rule(
    "SCIM708",
    "info",
    "RFC 7644, section 3.9; our advice",
    "Add excludedAttributes=members where members do not matter.",
    needs="excluded_attributes",
)
def members_are_not_read_for_nothing(conversation: Conversation) -> Iterator[Violation]:
    """A client that only looks for a group does not have a thousand members sent along."""
    for x in conversation:
        most = max((len(listed(hit.get("members"))) for hit in x.hits), default=0)
        if x.lists and x.resource == "Groups" and most > 100 and "excludedAttributes" not in x.params:
            yield Violation((x.number,), f"{most} members in the answer")
