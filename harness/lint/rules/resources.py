"""Rules on the users and groups in bodies: their schemas, their attributes, and the types of these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from provcheck.harness.lint.conversation import Conversation
from provcheck.harness.lint.exchange import Exchange, Json, listed
from provcheck.harness.lint.rule import Violation, on_each, rule

CORE = {"Users": "urn:ietf:params:scim:schemas:core:2.0:User", "Groups": "urn:ietf:params:scim:schemas:core:2.0:Group"}
CORE_1 = "urn:scim:schemas:core:1.0"
_KNOWN = re.compile(
    r"urn:ietf:params:scim:(?:schemas:core:2\.0:(?:User|Group|ServiceProviderConfig|ResourceType|Schema)"
    r"|schemas:extension:.+|api:messages:2\.0:(?:ListResponse|SearchRequest|PatchOp|Bulk(?:Request|Response)|Error))"
    r"|urn:scim:schemas:(?:core:1\.\d|extension:.+)",
    re.IGNORECASE,
)
MULTI = ("emails", "phoneNumbers", "ims", "photos", "addresses", "entitlements", "roles", "x509Certificates", "members")
READ_ONLY = ("id", "meta", "groups")
ATTRIBUTES = {
    "Users": {
        *("schemas", "id", "externalId", "meta", "userName", "name", "displayName", "nickName", "profileUrl", "title"),
        *("userType", "preferredLanguage", "locale", "timezone", "active", "password", "groups", *MULTI[:-1]),
    },
    "Groups": {"schemas", "id", "externalId", "meta", "displayName", "members"},
}


def documents(x: Exchange) -> Iterator[Json]:
    """The whole or partial resources that a request carries: the body, or the values of operations without a path."""
    if x.resource not in CORE or x.searches:
        return
    if x.creates or x.updates:
        if not x.operations:
            yield x.body
        yield from (op["value"] for op in x.operations if not op.get("path") and isinstance(op.get("value"), dict))


def _full(x: Exchange) -> bool:
    return bool(x.body) and (x.creates or (x.updates and x.method == "PUT"))


@on_each(
    "SCIM201",
    "error",
    "RFC 7643, section 3",
    "Send the array schemas with the URN of every schema that is used.",
    needs="schemas_named",
)
def a_resource_names_its_schemas(x: Exchange) -> Iterator[str]:
    """A resource in a request has a non-empty array `schemas`."""
    if _full(x) and not x.body.get("schemas"):
        yield "no schemas"


@on_each("SCIM202", "error", "RFC 7643, sections 3 and 8.7.1", "Name the core schema of the endpoint in schemas.")
def a_resource_names_the_schema_of_its_endpoint(x: Exchange) -> Iterator[str]:
    """`schemas` holds the core URN of the endpoint: User under /Users, Group under /Groups."""
    wanted = CORE_1 if x.version == "1.1" else CORE.get(x.resource, "")
    strings = [each.casefold() for each in x.schemas if isinstance(each, str)]
    if _full(x) and strings and wanted.casefold() not in strings and not _of_the_other_version(x):
        yield f"{wanted} is missing"


def _of_the_other_version(x: Exchange) -> bool:
    old = any(isinstance(each, str) and each.casefold().startswith("urn:scim:") for each in x.schemas)
    return old is (x.version == "2.0")


@on_each(
    "SCIM203", "warning", "RFC 7643, section 10", "Use registered URNs, or urn:...:schemas:extension:... of your own."
)
def schemas_are_known_urns(x: Exchange) -> Iterator[str]:
    """Every entry of `schemas` is a URN, and one under the names of SCIM is registered there."""
    for urn in x.schemas:
        if isinstance(urn, str) and not _KNOWN.fullmatch(urn):
            ours = urn.casefold().startswith(("urn:ietf:params:scim:", "urn:scim:"))
            if ours or not urn.casefold().startswith("urn:"):
                yield f"{urn!r}"


@on_each(
    "SCIM204",
    "error",
    "RFC 7643, section 10; simplecloud.info, SCIM 1.1 core schema",
    "Send the URNs of the version that the endpoint speaks.",
)
def urns_are_of_the_version_of_the_endpoint(x: Exchange) -> Iterator[str]:
    """SCIM 2.0 endpoints get 2.0 URNs (urn:ietf:params:scim:...), 1.1 endpoints get 1.0 URNs (urn:scim:schemas:...)."""
    wrong = "urn:scim:schemas:" if x.version == "2.0" else "urn:ietf:params:scim:"
    if x.resource not in CORE and x.resource != "Bulk":
        return
    for urn in (*x.schemas, *x.body):
        if isinstance(urn, str) and urn.casefold().startswith(wrong):
            yield f"{urn} on a {x.version} endpoint"


@on_each("SCIM205", "error", "RFC 7643, section 3.3", "Add the URN of the extension to schemas.")
def extensions_are_named_in_schemas(x: Exchange) -> Iterator[str]:
    """Data of an extension comes with its URN in `schemas`."""
    named = {each.casefold() for each in x.schemas if isinstance(each, str)}
    if _full(x) and named:
        yield from (name for name in x.body if name.casefold().startswith("urn:") and name.casefold() not in named)


@on_each("SCIM206", "error", "RFC 7643, section 3", "Send schemas as an array of strings.")
def schemas_is_an_array_of_strings(x: Exchange) -> Iterator[str]:
    """`schemas` is an array, and its entries are strings."""
    found = x.body.get("schemas", [])
    if not isinstance(found, list):
        yield f"schemas is {found!r}"
    elif any(not isinstance(each, str) for each in found):
        yield "an entry of schemas is no string"


@on_each(
    "SCIM207", "warning", "RFC 7643, section 3.1; RFC 7644, section 3.3", "Leave id, meta and groups out of a POST."
)
def a_create_leaves_out_what_the_target_makes(x: Exchange) -> Iterator[str]:
    """A create carries no read-only attributes: the target makes `id`, `meta` and the groups of a user."""
    if x.creates:
        for name in READ_ONLY:
            if x.body.get(name) and not _taken(x, name):
                yield name


def _taken(x: Exchange, name: str) -> bool:
    """Whether the answer shows that this target takes the groups of a user after all."""
    return name == "groups" and x.good and bool(x.answer.get("groups"))


@on_each("SCIM208", "error", "RFC 7644, section 3.5.1; RFC 7643, section 3.1", "Send the id of the URL, or none.")
def an_update_has_the_id_of_its_url(x: Exchange) -> Iterator[str]:
    """The `id` in the body of an update is the one in the URL."""
    if x.updates and isinstance(x.body.get("id"), str) and x.body["id"] != x.id:
        yield f"id {x.body['id']} sent to {x.path}"


@rule(
    "SCIM209",
    "error",
    "RFC 7644, section 3.5.2; RFC 7643, sections 3.1 and 4.1.2",
    "Change memberships on the group; leave id and meta alone.",
)
def a_patch_does_not_touch_read_only_attributes(conversation: Conversation) -> Iterator[Violation]:
    """No operation changes `id`, `meta` or the groups of a user."""
    touching = [(x, name) for x in conversation if x.updates and x.resource in CORE for name in _read_only(x)]
    # RFC 7644 has a change of a user's groups refused: a target that took one takes memberships from this side.
    taken = {name for x, name in touching if name == "groups" and x.good and (not x.answer or name in x.answer)}
    yield from (Violation((x.number,), name) for x, name in touching if name not in taken)


def _read_only(x: Exchange) -> Iterator[str]:
    for op in x.operations:
        path, value = op.get("path"), op.get("value")
        names = [re.split(r"[.\[]", path)[0]] if isinstance(path, str) else value if isinstance(value, dict) else ()
        yield from (name for name in names if name in READ_ONLY and not (name == "groups" and x.resource == "Groups"))


@on_each("SCIM210", "error", "RFC 7643, sections 2.3.2 and 4.1.1", "Send true and false without quotes.")
def booleans_are_booleans(x: Exchange) -> Iterator[str]:
    """`active` and `primary` are JSON booleans; a string "False" is true to many a target."""
    for document in documents(x):
        yield from _strings(document)
    for op in x.operations if x.resource in CORE else ():
        path, value = op.get("path"), op.get("value")
        if isinstance(path, str) and re.search(r"(^|[.:])(active|primary)$", path) and isinstance(value, str):
            yield f"{path} is {value!r}"


def _strings(document: Json) -> Iterator[str]:
    if isinstance(document.get("active"), str):
        yield f"active is {document['active']!r}"
    for name in MULTI:
        for item in _items(document, name):
            if isinstance(item.get("primary"), str):
                yield f"primary of {name} is {item['primary']!r}"


def _items(document: Json, name: str) -> Iterable[Json]:
    values = document.get(name)
    return [each for each in values if isinstance(each, dict)] if isinstance(values, list) else ()


@on_each("SCIM211", "info", "RFC 7643, section 2.4", "Mark one of several e-mail addresses as primary.")
def one_of_several_emails_is_primary(x: Exchange) -> Iterator[str]:
    """When there are several e-mail addresses, one of them is primary."""
    for document in documents(x):
        items = list(_items(document, "emails"))
        if len(items) > 1 and not any(each.get("primary") for each in items):
            yield f"{len(items)} e-mail addresses, none of them primary"


@on_each("SCIM212", "error", "RFC 7643, section 2.4", "Mark one value of a multi-valued attribute as primary, no more.")
def no_two_values_are_primary(x: Exchange) -> Iterator[str]:
    """At most one value of a multi-valued attribute is primary."""
    for document in documents(x):
        for name in MULTI:
            count = sum(each.get("primary") is True for each in _items(document, name))
            if count > 1:
                yield f"{count} primary {name}"


@on_each(
    "SCIM213", "error", "RFC 7643, sections 2.4 and 4.1", "Send arrays of objects with value, and name as an object."
)
def attributes_have_the_shape_of_the_schema(x: Exchange) -> Iterator[str]:
    """Multi-valued attributes are arrays of objects, and `name` is an object."""
    for document in documents(x):
        if document.get("name") is not None and not isinstance(document["name"], dict) and x.resource == "Users":
            yield "name is no object"
        for name in MULTI:
            if name in document and not _well_shaped(document[name], strings=name == "roles"):
                yield f"{name} is no array of objects"


def _well_shaped(value: Any, *, strings: bool) -> bool:
    allowed = (dict, str) if strings else (dict,)
    return value is None or (isinstance(value, list) and all(isinstance(each, allowed) for each in value))


@on_each(
    "SCIM214",
    "info",
    "RFC 7643, section 3.1",
    "Send externalId, the id of the user or group at the source.",
    needs="optional_external_id",
)
def a_create_says_who_it_is_at_the_source(x: Exchange) -> Iterator[str]:
    """A create carries `externalId`, so that the account can be found again after every name has changed."""
    if x.creates and x.resource == "Users" and x.body and not x.body.get("externalId"):
        yield "no externalId"


@on_each(
    "SCIM215", "error", "RFC 7643, sections 4.1.1 and 4.2", "Send userName with users and displayName with groups."
)
def required_attributes_are_there(x: Exchange) -> Iterator[str]:
    """A user has a `userName`, a group a `displayName`, and neither is empty."""
    name = {"Users": "userName", "Groups": "displayName"}.get(x.resource, "")
    folded = {key.casefold(): value for key, value in x.body.items()}
    if _full(x) and not folded.get(name.casefold()):
        yield f"no {name}"


@rule(
    "SCIM216", "warning", "RFC 7643, sections 4.1 and 4.2", "Send attributes of the schemas, in extensions if need be."
)
def attributes_are_in_the_schema(conversation: Conversation) -> Iterator[Violation]:
    """Every attribute is in the core schema, in an extension, or in what the target shows under /Schemas."""
    shown = {name.casefold() for name in _shown(conversation)}
    for x in conversation:
        known = {name.casefold() for name in ATTRIBUTES.get(x.resource, ())} | shown
        names = dict.fromkeys(name for document in documents(x) for name in document)
        for name in names:
            plain = re.split(r"[.\[]", name)[0].casefold()
            if known and plain not in known and not plain.startswith("urn:") and not (x.method == "PATCH" and _odd(x)):
                yield Violation((x.number,), name)


def _odd(x: Exchange) -> bool:
    """A PATCH that is no list of operations is not judged as a resource, except in SCIM 1.1."""
    return x.version == "2.0" and not x.operations


def _shown(conversation: Conversation) -> Iterator[str]:
    for x in conversation:
        if x.resource == "Schemas" and x.good:
            for schema in (x.answer, *x.hits):
                attributes = schema.get("attributes")
                yield from (str(a.get("name")) for a in listed(attributes) if isinstance(a, dict))


@on_each("SCIM217", "info", "RFC 7643, section 2.5", "Leave out what has no value.")
def a_create_leaves_out_what_has_no_value(x: Exchange) -> Iterator[str]:
    """A create does not list attributes without a value: null and an empty array say no more than silence."""
    if x.creates:
        empty = [name for name, value in x.body.items() if value is None or value == ""]
        if empty:
            yield ", ".join(empty)
