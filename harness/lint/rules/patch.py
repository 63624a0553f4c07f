"""Rules on the shape of PATCH requests and on the paths in them (RFC 7644 section 3.5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from scim2_models import Path
from scim2_models.exceptions import SCIMException

from provcheck.harness.lint.conversation import Conversation, member_ids
from provcheck.harness.lint.exchange import Exchange, Json
from provcheck.harness.lint.rule import Violation, on_each, rule

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SHAPE = "RFC 7644, section 3.5.2"
OPS = ("add", "remove", "replace")
MANY = 3
"""So many requests in a row, each for one change, could have been one."""
_LOOSE = re.compile(r"\[\s*[\w.$:]+\s+(?:eq|ne|co|sw|ew)\s+(?!\"|true\b|false\b|null\b|-?\d+\b\s*\])", re.IGNORECASE)


def patches(x: Exchange) -> bool:
    """Whether it is a PATCH of a user or group in SCIM 2.0, with a body that was recorded."""
    return x.method == "PATCH" and x.updates and x.version == "2.0" and bool(x.body)


@on_each("SCIM301", "error", SHAPE, f'Send "schemas": ["{PATCH_OP}"].', needs="schemas_named")
def a_patch_names_the_patch_message(x: Exchange) -> Iterator[str]:
    """The body of a PATCH has the URN of PatchOp in `schemas`."""
    if patches(x) and x.operations and PATCH_OP.casefold() not in {str(urn).casefold() for urn in x.schemas}:
        yield f"schemas is {x.body.get('schemas')!r}"


@on_each(
    "SCIM302",
    "error",
    SHAPE,
    "Send an array Operations with at least one operation; nothing to change, no request.",
    needs="patch_message",
)
def a_patch_has_operations(x: Exchange) -> Iterator[str]:
    """The body of a PATCH has a non-empty array `Operations` of objects."""
    if patches(x) and not x.operations:
        yield "Operations is empty" if "Operations" in x.body else "no Operations"


def _operations(x: Exchange) -> list[Json]:
    return x.operations if patches(x) else []


@on_each("SCIM303", "error", SHAPE, "Use add, remove or replace.")
def an_operation_is_add_remove_or_replace(x: Exchange) -> Iterator[str]:
    """Every operation has an `op` that is add, remove or replace."""
    for op in _operations(x):
        if str(op.get("op")).casefold() not in OPS:
            yield f"op is {op.get('op')!r}"


@on_each("SCIM304", "warning", SHAPE, "Write add, remove and replace in lower case.")
def operations_are_in_lower_case(x: Exchange) -> Iterator[str]:
    """`op` is written in lower case; strict targets refuse Add and Replace."""
    for op in _operations(x):
        name = op.get("op")
        if isinstance(name, str) and name not in OPS and name.casefold() in OPS:
            yield f"op is {name!r}"


@on_each("SCIM305", "error", "RFC 7644, section 3.5.2.2", "Say with path what is to be removed.")
def a_remove_has_a_path(x: Exchange) -> Iterator[str]:
    """A remove says with `path` what is to be removed."""
    for op in _operations(x):
        if str(op.get("op")).casefold() == "remove" and not op.get("path"):
            yield "remove without path"


@on_each("SCIM306", "warning", "RFC 7644, section 3.5.2.2", 'Use a path that selects: members[value eq "ID"].')
def a_remove_selects_with_its_path(x: Exchange) -> Iterator[str]:
    """A remove has no `value`: a target that follows the standard removes everything under the path."""
    for op in _operations(x):
        if str(op.get("op")).casefold() == "remove" and op.get("value") not in (None, []) and op.get("path"):
            yield f"remove {op['path']} with a value"


@lru_cache(maxsize=2048)
def path_error(path: str) -> str | None:
    """Why a path cannot be read; None when it can."""
    if _LOOSE.search(path):
        return None
    try:
        _ = Path(path).ast
    except (SCIMException, ValueError) as error:
        return type(error).__name__
    return None


@on_each(
    "SCIM307", "error", "RFC 7644, section 3.5.2, figure 7; section 3.10", "Write attribute.sub or attribute[filter]."
)
def paths_can_be_read(x: Exchange) -> Iterator[str]:
    """A `path` is a string in the grammar of section 3.5.2."""
    for op in _operations(x):
        path = op.get("path")
        if path is not None and (not isinstance(path, str) or not path or path.startswith("/") or path_error(path)):
            yield f"path {path!r}"


@on_each(
    "SCIM308",
    "error",
    "RFC 7644, section 3.4.2.2, figure 1 (compValue)",
    "Put strings into double quotes.",
    needs="value_paths",
)
def values_in_paths_are_in_double_quotes(x: Exchange) -> Iterator[str]:
    """A string that a path compares with is in double quotes."""
    for op in _operations(x):
        if isinstance(op.get("path"), str) and _LOOSE.search(op["path"]):
            yield f"path {op['path']!r}"


@on_each("SCIM309", "error", "RFC 7644, sections 3.5.2.1 and 3.5.2.3", "Give add and replace a value.")
def add_and_replace_have_a_value(x: Exchange) -> Iterator[str]:
    """An add or replace has a `value`."""
    for op in _operations(x):
        if str(op.get("op")).casefold() in ("add", "replace") and "value" not in op:
            yield f"{op['op']} {op.get('path', '')} without value"


@on_each("SCIM310", "error", "RFC 7644, sections 3.5.2.1 and 3.5.2.3", "Send an object of attributes, or a path.")
def an_operation_without_path_has_an_object(x: Exchange) -> Iterator[str]:
    """Without a `path`, the `value` of add and replace is an object of attributes."""
    for op in _operations(x):
        bare = str(op.get("op")).casefold() in ("add", "replace") and not op.get("path") and "value" in op
        if bare and not isinstance(op["value"], dict):
            yield f"the value is {op['value']!r}"[:80]


@on_each(
    "SCIM311",
    "error",
    "RFC 7644, section 3.10",
    "Put a colon between the URN and the attribute.",
    needs="extension_paths",
)
def attributes_of_an_extension_follow_a_colon(x: Exchange) -> Iterator[str]:
    """In a path a colon stands between the URN of a schema and the attribute."""
    for op in _operations(x):
        path = op.get("path")
        if isinstance(path, str) and re.match(r"urn:.*:(?:User|Group)\.\w", path, re.IGNORECASE):
            yield f"path {path!r}"


@rule("SCIM312", "info", "RFC 7644, section 3.5.2; RFC 9110, section 9.2.2", "Compare first, send only what differs.")
def a_patch_changes_something(conversation: Conversation) -> Iterator[Violation]:
    """A PATCH does not set attributes to the values that the client was just shown."""
    for x, memory in conversation.remembering():
        known = memory.documents.get(x.key)
        if known is not None and patches(x) and x.operations and all(_is_so(op, known) for op in x.operations):
            yield Violation((x.number,), f"{x.path} is so already")


def _is_so(op: Json, known: Json) -> bool:
    if str(op.get("op")).casefold() != "replace":
        return False
    path, value = op.get("path"), op.get("value")
    if not path:
        return isinstance(value, dict) and bool(value) and all(_has(known, name, value[name]) for name in value)
    return isinstance(path, str) and _has(known, path, value)


def _has(known: Json, path: str, value: object) -> bool:
    if path == "members":
        return path in known and sorted(member_ids(known[path] or [])) == sorted(member_ids(value or []))
    head, dot, sub = path.partition(".")
    place = known.get(head)
    if dot:
        return isinstance(place, dict) and sub in place and place[sub] == value
    return "[" not in path and path in known and place == value


@rule("SCIM313", "info", SHAPE, "Put all changes of a resource into the Operations of one request.")
def changes_of_a_resource_travel_together(conversation: Conversation) -> Iterator[Violation]:
    """Changes of different attributes of one resource are operations of one PATCH, not a PATCH each."""
    run: list[Exchange] = []
    for x in (*conversation, None):
        single = x is not None and patches(x) and len(x.operations) == 1 and not _about_members(x) and x.good
        if single and x is not None and (not run or (run[-1].key == x.key and x.after(run[-1]) < 5)):
            run.append(x)
            continue
        paths = {str(each.operations[0].get("path")) for each in run}
        if len(run) >= MANY and len(paths) == len(run):
            yield Violation(tuple(each.number for each in run), f"{len(run)} requests in a row for {run[0].path}")
        run = [x] if single and x is not None else []


def _about_members(x: Exchange) -> bool:
    return any(str(op.get("path", "members")).startswith("members") for op in x.operations)


@on_each("SCIM314", "error", "simplecloud.info, SCIM 1.1 protocol, section 3.3.2", "Send the attributes themselves.")
def version_1_patches_are_partial_resources(x: Exchange) -> Iterator[str]:
    """In SCIM 1.1 a PATCH carries a partial resource; it knows no operations."""
    if x.method == "PATCH" and x.updates and x.version == "1.1" and "Operations" in x.body:
        yield "Operations sent to a 1.1 endpoint"


@rule(
    "SCIM315",
    "warning",
    "RFC 7643, section 5; RFC 7644, section 4",
    "Read ServiceProviderConfig and use PUT instead.",
    needs="service_provider_config",
)
def nothing_is_patched_where_that_is_not_supported(conversation: Conversation) -> Iterator[Violation]:
    """A client that was told that PATCH is not supported does not send one."""
    for x, config in conversation.informed():
        if x.method == "PATCH" and config.supports("patch") is False:
            yield Violation((x.number,), "PATCH, though ServiceProviderConfig says that it is not supported")
