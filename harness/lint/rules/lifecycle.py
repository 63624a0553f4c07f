"""Rules on the life of a user or group: looked up, created once, updated with care, deleted once."""

from __future__ import annotations

import json
from collections.abc import Iterator

from provcheck.harness.lint.conversation import Conversation, names
from provcheck.harness.lint.exchange import Exchange, Json
from provcheck.harness.lint.rule import Violation, on_each, rule


def quoted(text: str) -> str:
    """A text as it stands between the quotes of a filter (RFC 7644, section 3.4.2.2: a JSON string)."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def looks_for(x: Exchange, wanted: frozenset[str]) -> bool:
    """Whether it asks for somebody of one of these names: by a filter, in a list of all, or by id."""
    if x.lists:
        text = x.filter.casefold()
        return not text or any(name in text or quoted(name) in text for name in wanted)
    return False


@rule(
    "SCIM501",
    "info",
    "RFC 7644, sections 3.3 and 3.4.2; our advice",
    'Look first: GET /Users?filter=userName eq "..."; or after a 409.',
)
def a_create_comes_after_a_look_up(conversation: Conversation) -> Iterator[Violation]:
    """Before it creates a user, a client looks whether the account is there already."""
    return _blind_creates(conversation, "Users")


def _blind_creates(conversation: Conversation, resource: str) -> Iterator[Violation]:
    looked: list[Exchange] = []
    for x in conversation:
        if x.lists and x.status is not None and x.resource in (resource, ".search"):
            looked.append(x)
        elif x.creates and x.body and x.resource == resource:
            wanted = names(x.body)
            if wanted and not any(looks_for(look, wanted) for look in reversed(looked)):
                yield Violation((x.number,), f"{_called(x.body)} was not looked up")


def _called(document: Json) -> str:
    """The name by which a user or group is known, as it was sent."""
    for word in ("userName", "displayName", "externalId"):
        if isinstance(document.get(word), str) and document[word]:
            return str(document[word])
    return "somebody"


def _between(conversation: Conversation, first: Exchange, last: Exchange) -> Iterator[Exchange]:
    return (x for x in conversation if first.number < x.number < last.number)


def _repeats(conversation: Conversation) -> Iterator[tuple[Exchange, Exchange]]:
    """Every create together with the one before it that had a name in common with it."""
    last: dict[tuple[str, str], Exchange] = {}
    for x in conversation:
        if x.creates and x.body:
            keys = [(x.resource, word) for word in sorted(_own_name(x.body))]
            earlier = next((last[key] for key in keys if key in last), None)
            if earlier is not None:
                yield earlier, x
            last.update(dict.fromkeys(keys, x))
        elif x.good and x.id and (x.method == "DELETE" or _renames(x)):
            last = {key: made for key, made in last.items() if str(made.answer.get("id")) != x.id}


def _renames(x: Exchange) -> bool:
    """Whether an update gives another name: the old one is then free for somebody else."""
    return x.updates and ('"userName"' in x.text or '"displayName"' in x.text)


def _own_name(document: Json) -> frozenset[str]:
    name = document.get("userName") or document.get("displayName")
    return frozenset({name.casefold()}) if isinstance(name, str) and name else frozenset()


@rule(
    "SCIM502", "error", "RFC 9110, section 9.2.2; our ruling", "After a lost answer, look up before you create again."
)
def a_create_without_answer_is_looked_up_first(conversation: Conversation) -> Iterator[Violation]:
    """A create whose answer was lost is not sent again before a look-up: it may have been carried out.

    Where the target refuses the second one with 409, nothing is doubled.
    """
    for first, again in _repeats(conversation):
        looked = any(looks_for(x, names(again.body)) for x in _between(conversation, first, again))
        if first.lost and again.status != 409 and not looked:
            yield Violation((first.number, again.number), f"{min(_own_name(again.body))} was sent again")


@rule("SCIM503", "error", "RFC 7644, section 3.3 (409, uniqueness)", "After a 409, look up by every unique attribute.")
def a_conflict_is_not_answered_by_the_same_create(conversation: Conversation) -> Iterator[Violation]:
    """A create that was refused with 409 is not sent again as it was."""
    for first, again in _repeats(conversation):
        looked = any(looks_for(x, names(again.body)) for x in _between(conversation, first, again))
        if first.status == 409 and first.same_request(again) and not looked:
            yield Violation((first.number, again.number), f"{min(_own_name(again.body))} was refused and sent again")


@rule(
    "SCIM504",
    "warning",
    "RFC 7644, section 3.3 (409, uniqueness); our advice",
    "After a 409, look up by every unique attribute, link exactly one hit, else report it.",
    at_end=True,
)
def a_conflict_is_looked_into(conversation: Conversation) -> Iterator[Violation]:
    """A client that gets a 409 on create looks who has the name, before or after."""
    for x in conversation:
        if x.creates and x.status == 409 and not any(_looks_into(each, x) for each in conversation):
            yield Violation((x.number,), f"{_called(x.body)} was not looked up")


def _looks_into(other: Exchange, conflict: Exchange) -> bool:
    again = other.creates and other.number > conflict.number
    return (again and bool(_own_name(other.body) & _own_name(conflict.body))) or looks_for(other, names(conflict.body))


@rule("SCIM505", "error", "RFC 7643, section 4.1.1 (userName is unique)", "Keep the id from the answer to the create.")
def nobody_is_created_twice(conversation: Conversation) -> Iterator[Violation]:
    """No two creates of the same user both succeed."""
    for first, again in _repeats(conversation):
        if first.good and again.good and again.resource == "Users" and not _found_gone(conversation, first, again):
            yield Violation((first.number, again.number), f"{min(_own_name(again.body))} was created twice")


def _found_gone(conversation: Conversation, first: Exchange, again: Exchange) -> bool:
    """Whether the client was told in between that the account is not there any more."""
    id, wanted, own = str(first.answer.get("id")), names(again.body), _own_name(again.body)
    return any(
        (x.id == id and x.status == 404)
        or (x.good and looks_for(x, wanted) and not any(own & _own_name(hit) for hit in x.hits))
        for x in _between(conversation, first, again)
    )


@rule("SCIM506", "info", "RFC 7644, section 3.6; our advice", "Reactivate the account instead of making a new one.")
def nobody_is_deleted_to_be_created_again(conversation: Conversation) -> Iterator[Violation]:
    """A user is not deleted and created again: the new account has another id, and what was tied to the old is lost."""
    owner: dict[str, str] = {}
    deleted: dict[str, Exchange] = {}
    for x, memory in conversation.remembering():
        if x.resource != "Users":
            continue
        if x.method == "DELETE" and x.good:
            known = memory.documents.get(x.key)
            name = min(_own_name(known), default="") if known else owner.get(x.id, "")
            deleted |= {name: x} if name else {}
        elif x.creates and x.body:
            name = min(_own_name(x.body), default="")
            if name in deleted:
                yield Violation((deleted.pop(name).number, x.number), f"{name} was deleted and created again")
            owner[str(x.answer.get("id"))] = name


@on_each(
    "SCIM514", "error", "RFC 7644, section 3.2, table 1", "POST to the collection; PUT, PATCH, DELETE to the resource."
)
def methods_fit_what_they_address(x: Exchange) -> Iterator[str]:
    """POST goes to a collection; PUT, PATCH and DELETE go to one resource."""
    if x.resource not in ("Users", "Groups") or x.searches:
        return
    if (x.method == "POST") is bool(x.id) and x.method in ("POST", "PUT", "PATCH", "DELETE"):
        yield str(x)


@rule(
    "SCIM516",
    "warning",
    "RFC 7643, section 4.2 (displayName need not be unique); our advice",
    'Look first: GET /Groups?filter=displayName eq "...", or list the groups.',
    needs="group_names_repeat",
)
def a_group_is_looked_up_before_it_is_created(conversation: Conversation) -> Iterator[Violation]:
    """Before it creates a group, a client looks whether there is one of that name: no 409 would tell it."""
    told = {x.number for x in conversation if x.status == 409}
    yield from (each for each in _blind_creates(conversation, "Groups") if not told.intersection(each.numbers))
