"""Rules for Slack's SCIM API: its caps, its rates, and what it does not update.

Source: https://docs.slack.dev/reference/scim-api and https://docs.slack.dev/reference/scim-api/rate-limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from provcheck.harness.lint.conversation import Conversation, added_members
from provcheck.harness.lint.dialect import Dialect, known
from provcheck.harness.lint.exchange import Exchange
from provcheck.harness.lint.rule import Violation, defined_in, on_each, rule
from provcheck.harness.lint.rules.resources import documents

REFERENCE = "docs.slack.dev/reference/scim-api"
RATES = "docs.slack.dev/reference/scim-api/rate-limits"
MOST_MEMBERS, ADVISED_MEMBERS = 15_000, 5_000
PER_MINUTE = {
    "POST Users": 180,
    "PUT Users": 180,
    "PATCH Users": 180,
    "DELETE Users": 180,
    "POST Groups": 180,
    "PUT Groups": 180,
    "PATCH Groups": 180,
    "DELETE Groups": 180,
    "GET one": 300,
    "writes": 600,
    "reads": 1000,
}
MINUTE = 60.0


def _members(x: Exchange) -> int:
    """How many members a request changes; estimated when only the beginning of the body was recorded."""
    if not x.cut:
        return len(added_members(x))
    kept = len(x.text.encode())
    return x.text.count('"value"') * x.size // kept if '"members"' in x.text and kept else 0


@on_each("SLACK001", "error", f"{REFERENCE} (too_many_users)", "Send at most 5,000 members in one request.")
def no_more_members_than_slack_takes(x: Exchange) -> Iterator[str]:
    """One request changes at most 15,000 members of a group."""
    if x.resource == "Groups" and x.writes and _members(x) > MOST_MEMBERS:
        yield f"about {_members(x)} members" if x.cut else f"{_members(x)} members"


@on_each("SLACK002", "warning", f"{REFERENCE} (Groups)", "Send at most 5,000 members in one request.")
def no_more_members_than_slack_advises(x: Exchange) -> Iterator[str]:
    """One request changes at most 5,000 members of a group, as Slack advises."""
    if x.resource == "Groups" and x.writes and ADVISED_MEMBERS < _members(x) <= MOST_MEMBERS:
        yield f"about {_members(x)} members" if x.cut else f"{_members(x)} members"


@rule("SLACK003", "info", RATES, "Spread requests: 3 a second for each kind of write, 10 writes a second in all.")
def requests_keep_to_the_rate_limits(conversation: Conversation) -> Iterator[Violation]:
    """No more requests are sent in a minute than Slack admits for their kind."""
    for name, most in PER_MINUTE.items():
        found = [x for x in conversation if x.at is not None and name in _classes(x)]
        for first, last in zip(found, found[most:], strict=False):
            if first.at and last.at and (last.at - first.at).total_seconds() < MINUTE:
                yield Violation((first.number, last.number), f"more than {most} within a minute: {name}")
                break


def _classes(x: Exchange) -> tuple[str, ...]:
    if x.method == "GET":
        return ("reads", "GET one") if x.id else ("reads",)
    return ("writes", f"{x.method} {x.resource}")


@on_each("SLACK004", "error", f"{REFERENCE} (differences between v1.1 and v2.0)", "Send a PatchOp with Operations.")
def version_2_patches_are_operations(x: Exchange) -> Iterator[str]:
    """Under /scim/v2 a PATCH is a PatchOp; only the profile's startDate is documented as a partial resource."""
    parts = x.method == "PATCH" and x.updates and x.version == "2.0" and x.body and "Operations" not in x.body
    if parts and not any(":profile:" in name for name in x.body):
        yield f"{', '.join(name for name in x.body if name != 'schemas')} without Operations"


def _changed(x: Exchange) -> set[str]:
    paths = {str(op["path"]) for op in x.operations if op.get("path")}
    return paths | {name for document in documents(x) for name in document}


@on_each("SLACK005", "error", f"{REFERENCE} (password_change_not_allowed)", "Send a password with POST only, or never.")
def passwords_are_not_changed(x: Exchange) -> Iterator[str]:
    """A password can be given when a user is created, and never changed."""
    if x.updates and x.resource == "Users" and "password" in _changed(x):
        yield f"{x.method} with a password"


@on_each(
    "SLACK006",
    "warning",
    f"{REFERENCE} (unsupported attributes of PATCH and PUT)",
    "Do not count on externalId and profileUrl after the create.",
)
def what_cannot_be_updated_is_left_out(x: Exchange) -> Iterator[str]:
    """A PATCH does not change externalId or profileUrl, which Slack does not update."""
    if x.method == "PATCH" and x.updates and x.resource == "Users":
        yield from sorted(_changed(x) & {"externalId", "profileUrl"})


@on_each("SLACK007", "error", f"{REFERENCE} (long_username)", "Send at most 21 characters, or an e-mail address.")
def user_names_are_short(x: Exchange) -> Iterator[str]:
    """A user name has at most 21 characters; one in the form of an e-mail address is shortened by Slack."""
    for document in documents(x):
        name = document.get("userName")
        if x.resource == "Users" and isinstance(name, str) and len(name) > 21 and "@" not in name:
            yield f"{name} has {len(name)} characters"


@on_each(
    "SLACK008",
    "error",
    f"{REFERENCE} (invalid_name_specials, invalid_name_maxlength)",
    "Send a display name without @, of at most 80 characters.",
)
def display_names_are_names(x: Exchange) -> Iterator[str]:
    """A display name of a user has at most 80 characters, and no @."""
    for document in documents(x):
        name = document.get("displayName")
        if x.resource == "Users" and isinstance(name, str) and ("@" in name or len(name) > 80):
            yield f"{name[:30]}"


@on_each("SLACK009", "warning", f"{REFERENCE} (emails)", "Send a primary address and one more at most.")
def there_are_two_email_addresses_at_most(x: Exchange) -> Iterator[str]:
    """Slack keeps two e-mail addresses of a user and drops the others."""
    for document in documents(x):
        emails = document.get("emails")
        if isinstance(emails, list) and len(emails) > 2:
            yield f"{len(emails)} e-mail addresses"


@on_each("SLACK010", "error", f"{REFERENCE} (email_empty)", "Send at least one e-mail address.")
def a_user_has_an_email_address(x: Exchange) -> Iterator[str]:
    """A user is created with at least one e-mail address."""
    if x.creates and x.resource == "Users" and x.body and not x.body.get("emails"):
        yield "no emails"


@on_each("SLACK011", "info", "api.slack.com/changelog/2019-06-have-scim-will-paginate", "Ask for count=1000 at most.")
def pages_have_the_size_that_slack_gives(x: Exchange) -> Iterator[str]:
    """A list is asked for with a `count` (10 is the default) of at most 1,000."""
    count = x.params.get("count", "")
    if x.lists and count.isdecimal() and int(count) > 1000:
        yield f"count={count}"
    elif x.lists and not count and not x.filter:
        yield "no count: pages of 10"


@rule("SLACK012", "warning", f"{REFERENCE} (concurrency)", "Write to a user or group once the last write is answered.")
def writes_to_one_resource_do_not_overlap(conversation: Conversation) -> Iterator[Violation]:
    """Two writes to the same user or group are never on their way at the same time."""
    writes: dict[tuple[str, str], list[Exchange]] = {}
    for x in conversation:
        if x.writes and x.id:
            writes.setdefault(x.key, []).append(x)
    for found in writes.values():
        yield from (Violation((a.number, b.number), f"{b} came early") for a, b in pairwise(found) if b.after(a) < 0)


@on_each(
    "SLACK013", "error", f"{REFERENCE} (endpoints; bulk is not supported)", "Send single requests; search with GET."
)
def only_what_slack_offers_is_called(x: Exchange) -> Iterator[str]:
    """Slack has no Bulk, no Me and no .search."""
    if x.resource in ("Bulk", "Me") or x.searches:
        yield str(x)


DIALECT = Dialect(
    "slack",
    known("optional_user_agent", "trailing_slash", "schemas_named", "group_names_repeat"),
    defined_in(globals()),
    places=re.compile(r"slack\.com|/slack/", re.IGNORECASE),
)
