"""Rules on the life of a user or group: looked up, created once, updated with care, deleted once."""

from __future__ import annotations

from collections.abc import Iterator

from provcheck.harness.lint.conversation import Conversation, Memory, names
from provcheck.harness.lint.exchange import UPDATES, Exchange, Json
from provcheck.harness.lint.rule import Violation, on_each, rule

NOT_SENT_BACK = frozenset({"id", "meta", "groups", "schemas", "password"})
MADE_BY_TARGETS = frozenset({"nickName", "profileUrl", "photos", "timezone", "locale", "displayName", "roles"})
"""What targets fill in on their own; a client that leaves it out takes nothing away."""


def looks_for(x: Exchange, wanted: frozenset[str]) -> bool:
    """Whether it asks for somebody of one of these names: by a filter, in a list of all, or by id."""
    if x.lists:
        text = x.filter.casefold()
        return not text or any(name in text for name in wanted)
    return False


@rule(
    "SCIM501",
    "warning",
    "RFC 7644, sections 3.3 and 3.4.2; our advice",
    'Look first: GET /Users?filter=userName eq "...".',
)
def a_create_comes_after_a_look_up(conversation: Conversation) -> Iterator[Violation]:
    """Before it creates somebody, a client looks whether the account is there already."""
    looked: dict[str, list[Exchange]] = {}
    for x in conversation:
        if x.lists and x.status is not None:
            looked.setdefault(_place(x), []).append(x)
        elif x.creates and x.body:
            wanted = names(x.body)
            if wanted and not any(looks_for(look, wanted) for look in reversed(looked.get(_place(x), []))):
                yield Violation((x.number,), f"{min(wanted)} was not looked up")


def _place(x: Exchange) -> str:
    return "Users" if x.searches and x.resource != "Groups" else x.resource


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
    """A create whose answer was lost is not sent again before a look-up: it may have been carried out."""
    for first, again in _repeats(conversation):
        if first.lost and not any(looks_for(x, names(again.body)) for x in _between(conversation, first, again)):
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
    """After a 409 on create the client looks who has the name."""
    for place, x in enumerate(conversation.exchanges):
        later = conversation.exchanges[place + 1 :]
        if x.creates and x.status == 409 and not any(_looks_into(each, x) for each in later):
            yield Violation((x.number,), f"{min(_own_name(x.body), default='the name')} was not looked up afterwards")


def _looks_into(later: Exchange, conflict: Exchange) -> bool:
    again = later.creates and bool(_own_name(later.body) & _own_name(conflict.body))
    return again or looks_for(later, names(conflict.body))


@rule("SCIM505", "error", "RFC 7643, section 4.1.1 (userName is unique)", "Keep the id from the answer to the create.")
def nobody_is_created_twice(conversation: Conversation) -> Iterator[Violation]:
    """No two creates of the same user both succeed."""
    for first, again in _repeats(conversation):
        if first.good and again.good and again.resource == "Users" and not _found_gone(conversation, first, again):
            yield Violation((first.number, again.number), f"{min(_own_name(again.body))} was created twice")


def _found_gone(conversation: Conversation, first: Exchange, again: Exchange) -> bool:
    """Whether the client was told in between that the account is not there any more."""
    id, wanted = str(first.answer.get("id")), names(again.body)
    return any(
        (x.id == id and x.status == 404) or (x.good and bool(x.filter) and looks_for(x, wanted) and not x.hits)
        for x in _between(conversation, first, again)
    )


@rule("SCIM506", "warning", "RFC 7644, section 3.6; our advice", "Reactivate the account instead of making a new one.")
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


@rule("SCIM507", "warning", "RFC 9110, section 9.2.2; our advice", "Keep what was written last, and send only changes.")
def no_update_is_sent_twice(conversation: Conversation) -> Iterator[Violation]:
    """The same successful update is not sent again when nothing else was written in between."""
    last: dict[tuple[str, str], Exchange] = {}
    for x in conversation:
        if not x.updates:
            if x.method == "DELETE":
                last.pop(x.key, None)
            continue
        before = last.get(x.key)
        if before is not None and before.good and x.text and before.same_request(x):
            yield Violation((before.number, x.number), f"{x} again")
        last[x.key] = x


@rule(
    "SCIM508", "warning", "RFC 7644, section 3.5.1", "GET the resource in full, change it, PUT it back; or use PATCH."
)
def a_put_comes_after_a_get(conversation: Conversation) -> Iterator[Violation]:
    """PUT replaces everything: a client that never read the whole resource takes away what it does not know."""
    for x, memory in conversation.remembering():
        unseen = x.key not in memory.seen and x.key not in memory.gone and x.resource not in memory.blind
        if x.method == "PUT" and x.updates and unseen:
            how = "was only read in part" if x.key in memory.partly else "was never read"
            yield Violation((x.number,), f"{x.path} {how}")


@rule("SCIM509", "warning", "RFC 7644, section 3.5.1", "Send back every attribute that was read, or use PATCH.")
def a_put_keeps_what_was_read(conversation: Conversation) -> Iterator[Violation]:
    """PUT replaces everything: what the client was shown and does not send back is lost."""
    for x, memory in conversation.remembering():
        if x.method != "PUT" or not x.updates or not x.body:
            continue
        known, sent = memory.documents.get(x.key, {}), {name.casefold() for name in x.body}
        kept = NOT_SENT_BACK if conversation.can("documents_as_sent") else NOT_SENT_BACK | MADE_BY_TARGETS
        lost = [n for n, value in known.items() if value and n not in kept and n.casefold() not in sent]
        if not conversation.can("extensions_replaced"):
            lost = [n for n in lost if not n.casefold().startswith("urn:")]
        if lost:
            yield Violation((x.number,), f"{', '.join(lost)} of {x.path}")


@rule("SCIM510", "info", "RFC 7644, section 3.14", "Send If-Match with the version that was read.", needs="etags")
def a_put_is_conditional_where_versions_are_known(conversation: Conversation) -> Iterator[Violation]:
    """Where the target gives ETags, PUT has an If-Match: somebody may have changed the resource since."""
    if conversation.supports("etag") is False:
        return
    for x, memory in conversation.remembering():
        if x.method == "PUT" and x.updates and x.key in memory.tags and "if-match" not in x.headers:
            yield Violation((x.number,), f"{x.path} has the version {memory.tags[x.key]}")


@rule(
    "SCIM511", "error", "RFC 7644, section 3.14; RFC 9110, section 15.5.13", "After a 412 read again and decide anew."
)
def a_failed_precondition_is_read_again(conversation: Conversation) -> Iterator[Violation]:
    """After a 412 the same If-Match is not sent again: the resource has changed, and it will not change back."""
    failed: dict[tuple[str, str], Exchange] = {}
    for x in conversation:
        before, tag = failed.get(x.key), x.headers.get("if-match")
        if before is not None and x.method in UPDATES and tag and tag == before.headers.get("if-match"):
            yield Violation((before.number, x.number), f"If-Match {tag} again")
        if x.status == 412:
            failed[x.key] = x
        elif x.good:
            failed.pop(x.key, None)


@rule(
    "SCIM512",
    "warning",
    "RFC 7644, section 3.14; RFC 9110, section 13.1.1",
    "Send the newest version that was seen.",
    needs="etags",
)
def if_match_has_the_newest_version(conversation: Conversation) -> Iterator[Violation]:
    """If-Match carries the newest version that the client was shown."""
    for x, memory in conversation.remembering():
        tag, newest = x.headers.get("if-match"), memory.tags.get(x.key)
        if tag and newest and tag != "*" and newest not in [each.strip() for each in tag.split(",")]:
            yield Violation((x.number,), f"If-Match {tag}, and the version is {newest}")


@rule("SCIM513", "warning", "RFC 7644, section 3.12 (404); our advice", "Look the user up again, or drop the id.")
def an_id_that_is_gone_is_not_used_again(conversation: Conversation) -> Iterator[Violation]:
    """After a 404 a client does not go on writing to the same id."""
    for x, memory in conversation.remembering():
        if x.writes and x.id and x.key in memory.gone and x.status == 404 and _wrote(conversation, memory, x):
            yield Violation((memory.gone[x.key], x.number), f"{x.path} is gone")


def _wrote(conversation: Conversation, memory: Memory, x: Exchange) -> bool:
    before = next((each for each in conversation if each.number == memory.gone[x.key]), None)
    return before is not None and before.writes


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
    "SCIM515",
    "info",
    "RFC 7644, sections 3.3 and 3.5 (the answer is the resource); our advice",
    "Use the resource in the answer to the write.",
)
def what_was_just_answered_is_not_read_again(conversation: Conversation) -> Iterator[Violation]:
    """A client does not GET what the answer to its own write has just shown."""
    found: list[tuple[int, int]] = []
    for one, following in zip(conversation.exchanges, conversation.exchanges[1:], strict=False):
        shown = one.writes and one.good and str(one.answer.get("id") or "")
        if shown and following.method == "GET" and following.key == (one.resource, shown) and following.after(one) < 1:
            found.append((one.number, following.number))
    if len(found) >= 3:
        yield Violation(tuple(n for pair in found for n in pair), f"{len(found)} times")


RULES = (
    a_create_comes_after_a_look_up,
    a_create_without_answer_is_looked_up_first,
    a_conflict_is_not_answered_by_the_same_create,
    a_conflict_is_looked_into,
    nobody_is_created_twice,
    nobody_is_deleted_to_be_created_again,
    no_update_is_sent_twice,
    a_put_comes_after_a_get,
    a_put_keeps_what_was_read,
    a_put_is_conditional_where_versions_are_known,
    a_failed_precondition_is_read_again,
    if_match_has_the_newest_version,
    an_id_that_is_gone_is_not_used_again,
    methods_fit_what_they_address,
    what_was_just_answered_is_not_read_again,
)
