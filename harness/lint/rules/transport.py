"""Rules on headers, URLs and JSON as such, and on what must not be seen by others."""

from __future__ import annotations

import ipaddress
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.exchange import DISCOVERY, UPDATES, Exchange
from provcheck.harness.lint.rule import Violation, on_each, rule

JSON_TYPES = ("application/scim+json", "application/json")
REFUSED = frozenset({400, 413, 415, 422})
"""Statuses that blame what a request says."""
MOST_TOLD = 100
"""Characters of a target's own words that a finding repeats."""
MEDIA = "RFC 7644, sections 3.1 and 8.1; RFC 9110, section 8.3"


def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().casefold()


def _accepts_json(header: str) -> bool:
    ranges = {_media_type(part) for part in header.split(",")}
    return bool(ranges & {*JSON_TYPES, "application/*", "*/*"}) or any(each.endswith("+json") for each in ranges)


@on_each("SCIM101", "error", MEDIA, "Send Content-Type: application/scim+json (or application/json) with every body.")
def a_body_says_that_it_is_json(x: Exchange) -> Iterator[str]:
    """A request with a body has a JSON media type as its Content-Type."""
    kind = _media_type(x.headers.get("content-type", ""))
    if x.text and not kind:
        yield "no Content-Type"
    elif x.text and kind not in JSON_TYPES and not kind.endswith("+json"):
        yield f"Content-Type {kind}"


@on_each("SCIM102", "info", MEDIA, "Send Content-Type: application/scim+json.", needs="scim_media_type")
def a_body_has_the_media_type_of_scim(x: Exchange) -> Iterator[str]:
    """A body sent to a SCIM 2.0 service provider is application/scim+json; application/json is only tolerated."""
    if x.text and x.version == "2.0" and _media_type(x.headers.get("content-type", "")) == "application/json":
        yield "Content-Type application/json"


@on_each("SCIM103", "error", "RFC 7644, section 3.8", "Accept application/scim+json, and application/json beside it.")
def accept_allows_json(x: Exchange) -> Iterator[str]:
    """An Accept header, if there is one, allows a JSON answer."""
    header = x.headers.get("accept")
    if header is not None and not _accepts_json(header):
        yield f"Accept {header}"


@on_each("SCIM104", "info", "RFC 7644, section 3.8", "Send Accept: application/scim+json.")
def a_request_says_what_it_accepts(x: Exchange) -> Iterator[str]:
    """A request has an Accept header that is more than */*."""
    if x.method != "DELETE" and x.headers.get("accept", "*/*").strip() == "*/*":
        yield "Accept */*" if "accept" in x.headers else "no Accept"


@on_each(
    "SCIM105",
    "info",
    "RFC 9110, section 10.1.5",
    "Send a User-Agent with the name and version of the client.",
    needs="optional_user_agent",
)
def a_client_says_who_it_is(x: Exchange) -> Iterator[str]:
    """Every request has a User-Agent: operators look for it when something goes wrong."""
    if not x.headers.get("user-agent", "").strip():
        yield "no User-Agent"


@on_each("SCIM106", "info", "RFC 9110, section 8.3", "Leave out Content-Type where there is no body.")
def a_request_without_body_has_no_content_type(x: Exchange) -> Iterator[str]:
    """Content-Type describes a body; some gateways refuse a GET or DELETE that has one."""
    kind = x.headers.get("content-type")
    if kind and not x.text and x.method in ("GET", "DELETE"):
        yield f"Content-Type {kind} on a {x.method} without a body"


@on_each("SCIM107", "warning", "RFC 9110, sections 9.3.1 and 9.3.5", "Send no body with GET and DELETE.")
def get_and_delete_have_no_body(x: Exchange) -> Iterator[str]:
    """GET and DELETE carry no body: it has no meaning, and gateways drop or refuse it."""
    if x.text.strip() and x.method in ("GET", "DELETE"):
        yield f"a body of {x.size} bytes"


@on_each("SCIM108", "error", "RFC 7644, section 3.1; RFC 8259", "Serialise the body as one JSON object in UTF-8.")
def a_body_is_one_json_object(x: Exchange) -> Iterator[str]:
    """The body of POST, PUT and PATCH is one JSON object."""
    if x.method == "POST" or x.method in UPDATES:
        if not x.readable:
            yield "the body is not JSON"
        elif x.text.strip() and not x.cut and not isinstance(x.value, dict):
            yield f"the body is {_word(x.value)}"
        elif not x.text.strip() and x.resource in ("Users", "Groups", "Bulk") and x.status is not None:
            yield "no body"


def _word(value: Any) -> str:
    return {list: "an array", str: "a string", bool: "a boolean"}.get(type(value), "no object")


@on_each("SCIM109", "error", "RFC 8259, section 4", "Give every member of an object once.")
def names_in_an_object_are_unique(x: Exchange) -> Iterator[str]:
    """No member is given twice in one object: each reader picks another of the two."""
    twice: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> None:
        given = Counter(name for name, _ in items)
        twice.extend(name for name, times in given.items() for _ in range(times - 1))

    if x.text.strip() and x.readable and not x.cut:
        json.loads(x.text, object_pairs_hook=pairs)
    yield from (f"{name} is given twice" for name in twice)


@on_each(
    "SCIM110", "warning", "RFC 7644, section 3.2; RFC 3986, section 6.2.2.1", "Write Users and Groups with capitals."
)
def endpoints_are_spelled_as_they_are(x: Exchange) -> Iterator[str]:
    """Paths are case-sensitive: /Users is an endpoint, /users need not be one."""
    if x.spelled and x.spelled != x.resource:
        yield f"/{x.spelled} instead of /{x.resource}"


@on_each(
    "SCIM111",
    "info",
    "RFC 7644, section 3.2; RFC 3986, section 6.2.3",
    "Leave out the slash at the end.",
    needs="trailing_slash",
)
def paths_do_not_end_with_a_slash(x: Exchange) -> Iterator[str]:
    """/Users/ is another resource than /Users, and unknown to many targets."""
    if x.resource and x.path.endswith("/"):
        yield x.path


@on_each("SCIM112", "warning", "RFC 3986, section 3.3", "Join base URL and endpoint with exactly one slash.")
def paths_have_no_empty_parts(x: Exchange) -> Iterator[str]:
    """No path has two slashes in a row, as a base URL that ends with a slash easily makes."""
    if "//" in x.path:
        yield x.path


@rule("SCIM113", "error", "RFC 7644, section 2", "Send the Authorization header with every request, discovery too.")
def every_request_is_authenticated(conversation: Conversation) -> Iterator[Violation]:
    """A client that has credentials sends them with every request for users and groups.

    A 401 may be what it waits for before it sends them (RFC 9110, section 11.6.1).
    """
    if not any("authorization" in x.headers for x in conversation):
        yield from (Violation((x.number,), "401, and no Authorization") for x in conversation if x.status == 401)
        return
    challenged = {_asked(x) for x in conversation if "authorization" in x.headers}
    for x in conversation:
        if "authorization" in x.headers or not x.resource or x.resource in DISCOVERY:
            continue
        if x.status != 401 or _asked(x) not in challenged:
            yield Violation((x.number,), "no Authorization")


@on_each("SCIM114", "info", "RFC 7644, section 3.12", "Read what the target says, and send it what it takes.")
def nothing_is_sent_that_the_target_refuses(x: Exchange) -> Iterator[str]:
    """No request is refused for what it says (400, 413, 415, 422); the finding repeats what the target tells of it."""
    if x.status in REFUSED:
        errors = x.answer.get("Errors")
        first = errors[0] if isinstance(errors, list) and errors else errors
        told = (
            first.get("description") if isinstance(first, dict) else x.answer.get("detail") or x.answer.get("message")
        )
        kind = f"{x.answer['scimType']}: " if isinstance(x.answer.get("scimType"), str) else ""
        yield f"{x.method} is answered {x.status}" + (f": {kind}{str(told)[:MOST_TOLD]}" if told else "")


def _asked(x: Exchange) -> tuple[str, ...]:
    return x.method, x.path, x.query, x.text


_SECRET = re.compile(r"(access_?token|auth_?token|token|api_?key|apikey|bearer|secret|client_secret)", re.IGNORECASE)


@on_each(
    "SCIM120", "error", "RFC 6750, section 2.3; RFC 7644, section 7", "Send the token in the Authorization header."
)
def no_token_is_in_a_url(x: Exchange) -> Iterator[str]:
    """Credentials are not in the URL: logs, proxies and histories keep URLs."""
    yield from (f"parameter {name}" for name in x.params if _SECRET.fullmatch(name))


@on_each(
    "SCIM121", "error", "RFC 7644, section 7.1; RFC 6750, section 5.3", "Use https for everything but the loopback."
)
def credentials_travel_encrypted(x: Exchange) -> Iterator[str]:
    """A request with credentials goes over TLS, unless it stays on this machine."""
    if x.scheme == "http" and "authorization" in x.headers and not _is_loopback(x.host):
        yield f"http to {x.host or 'an unknown host'}"


def _is_loopback(host: str) -> bool:
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    name = name.strip("[]")
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


_PERSONAL = re.compile(r"\b(emails?|phonenumbers?|addresses|name\.\w+|familyname|givenname)\b", re.IGNORECASE)


@rule(
    "SCIM122",
    "info",
    "RFC 7644, sections 3.4.3 and 7.5.2",
    "Send such a filter by POST to /.search.",
    needs="post_search",
)
def personal_data_stays_out_of_urls(conversation: Conversation) -> Iterator[Violation]:
    """A filter on personal data goes into the body of POST /.search, not into a URL."""
    found = [x for x in conversation if x.method == "GET" and (_PERSONAL.search(x.filter) or "@" in x.filter)]
    if found:
        yield Violation(tuple(x.number for x in found), f"{found[0].filter} in a URL")


@on_each("SCIM123", "error", "RFC 7643, section 4.1.1; RFC 7644, section 7.5.2", "Never filter by password.")
def no_password_is_searched_for(x: Exchange) -> Iterator[str]:
    """A password stands in no filter and in no parameter."""
    if re.search(r"\bpassword\b", x.filter, re.IGNORECASE) or any(n.casefold() == "password" for n in x.params):
        yield "password in a query"


@on_each(
    "SCIM124",
    "info",
    "RFC 7643, section 4.1.1",
    "Leave the password out of updates, or drop it altogether.",
    needs="password_updates",
)
def updates_carry_no_password(x: Exchange) -> Iterator[str]:
    """An update of a user does not set the password again: the user may have chosen another one since."""
    paths = {str(operation.get("path")).casefold() for operation in x.operations}
    values = [operation.get("value") for operation in x.operations]
    inside = any(isinstance(value, dict) and "password" in value for value in values)
    if x.updates and x.resource == "Users" and ("password" in x.body or "password" in paths or inside):
        yield f"{x.method} with a password"
