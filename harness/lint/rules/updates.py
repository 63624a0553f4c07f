"""Rules on updates: that they are needed, take nothing away, and heed what the target said about the resource."""

from __future__ import annotations

import re
from collections.abc import Iterator

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.exchange import UPDATES, Exchange
from provcheck.harness.lint.rule import Violation, rule
from provcheck.harness.lint.rules.resources import documents

NOT_SENT_BACK = frozenset({"id", "meta", "groups", "schemas", "password"})
MADE_BY_TARGETS = frozenset({"nickName", "profileUrl", "photos", "timezone", "locale", "displayName", "roles"})
"""What targets fill in on their own; a client that leaves it out takes nothing away."""


@rule("SCIM507", "info", "RFC 9110, section 9.2.2; our advice", "Keep what was written last, and send only changes.")
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
    """PUT replaces everything: what the client was shown and does not send back is lost.

    An attribute that the client sent before is its own to clear.
    """
    kept = NOT_SENT_BACK if conversation.can("documents_as_sent") else NOT_SENT_BACK | MADE_BY_TARGETS
    own: dict[str, set[str]] = {}
    for x, memory in conversation.remembering():
        mapped = own.setdefault(x.resource, set())
        mapped |= _attributes(x)
        if x.method != "PUT" or not x.updates or not x.body:
            continue
        known = memory.documents.get(x.key, {})
        lost = [n for n, value in known.items() if value and n not in kept and n.casefold() not in mapped]
        if not conversation.can("extensions_replaced"):
            lost = [n for n in lost if not n.casefold().startswith("urn:")]
        if lost:
            yield Violation((x.number,), f"{', '.join(lost)} of {x.path}")


def _attributes(x: Exchange) -> set[str]:
    """The attributes, folded, that a request writes."""
    paths = (op["path"] for op in x.operations if isinstance(op.get("path"), str))
    heads = (path.rpartition(":")[0] if path.startswith("urn:") else re.split(r"[.\[]", path)[0] for path in paths)
    return {name.casefold() for name in (*heads, *(name for document in documents(x) for name in document))}


@rule("SCIM510", "info", "RFC 7644, section 3.14", "Send If-Match with the version that was read.", needs="etags")
def a_put_is_conditional_where_versions_are_known(conversation: Conversation) -> Iterator[Violation]:
    """Where the target gives ETags, PUT has an If-Match: somebody may have changed the resource since."""
    none = {x.number for x, config in conversation.informed() if config.supports("etag") is False}
    for x, memory in conversation.remembering():
        known = x.method == "PUT" and x.updates and x.key in memory.tags
        if known and x.number not in none and _if_match(x) is None:
            yield Violation((x.number,), f"{x.path} has the version {memory.tags[x.key]}")


@rule(
    "SCIM511", "error", "RFC 7644, section 3.14; RFC 9110, section 15.5.13", "After a 412 read again and decide anew."
)
def a_failed_precondition_is_read_again(conversation: Conversation) -> Iterator[Violation]:
    """After a 412 the same If-Match is not sent again: the resource has changed, and it will not change back."""
    failed: dict[tuple[str, str], Exchange] = {}
    for x in conversation:
        before, tag = failed.get(x.key), x.headers.get("if-match")
        if before is not None and x.method in UPDATES and tag not in (None, "*") and tag == _if_match(before):
            yield Violation((before.number, x.number), f"If-Match {tag} again")
        if x.status == 412:
            failed[x.key] = x
        elif x.good:
            failed.pop(x.key, None)


def _if_match(x: Exchange) -> str | None:
    return x.headers.get("if-match")


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
    """After a 404 a client does not go on writing to the same id; once more is well, in the next run.

    What the client has just created, and nothing has shown since, may only be unknown for a while.
    """
    refused: dict[tuple[str, str], list[int]] = {}
    born: set[tuple[str, str]] = set()
    for x, memory in conversation.remembering():
        if x.creates and x.good:
            born.add((x.resource, str(x.answer.get("id"))))
        elif x.good:
            born.discard(x.key)
        if not (x.writes and x.id) or x.key in born:
            continue
        row = refused.setdefault(x.key, [])
        if x.key not in memory.gone:
            row.clear()
        if x.status == 404:
            row.append(x.number)
            if len(row) > 2:
                yield Violation(tuple(row), f"{x.path} is gone")


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
