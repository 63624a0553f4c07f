"""Whatever comes in, only a ScimError comes out, and nothing that was given is changed."""

import contextlib
import copy
import json
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provcheck.mock_targets.scim.catalog import ENTERPRISE_URN, GROUP_URN, USER_URN, standard_catalog
from provcheck.mock_targets.scim.errors import InvalidFilter, InvalidPath, InvalidValue, ScimError
from provcheck.mock_targets.scim.filter import compile_filter
from provcheck.mock_targets.scim.leniency import RFC, Leniency
from provcheck.mock_targets.scim.patch import PATCH_URN, patch
from provcheck.mock_targets.scim.paths import resolve_path
from provcheck.mock_targets.scim.project import compile_projection
from provcheck.mock_targets.scim.sort import sort_key
from provcheck.mock_targets.scim.validate import read_resource
from provcheck.mock_targets.scim.version1 import attribute_from_1, patch_from_1, resource_from_1, resource_to_1

ALL = Leniency.everything()
USERS, GROUPS = standard_catalog().user, standard_catalog().group
DOCUMENT = {
    "schemas": [USER_URN, ENTERPRISE_URN],
    "userName": "bjensen",
    "name": {"givenName": "Barbara"},
    "active": True,
    "emails": [{"value": "b@example.com", "type": "work", "primary": True}, {"value": "h@example.com"}],
    ENTERPRISE_URN: {"department": "Tours", "manager": {"value": "26", "$ref": "../Users/26"}},
}
GROUP = {"schemas": [GROUP_URN], "displayName": "Guides"}

names = st.sampled_from(
    [
        *("userName", "USERNAME", "name", "emails", "active", "password", "id", "meta", "schemas", "groups", "members"),
        *("externalId", "x509Certificates", "value", "type", "primary", "$ref", "givenName", "operation", "attributes"),
        *("manager", "department", "managerId", "addresses", "display", "displayName", "profileUrl", "created", ""),
        *(USER_URN, GROUP_URN, ENTERPRISE_URN, f"{ENTERPRISE_URN}:manager", f"{ENTERPRISE_URN}:", "urn:x", "urn:"),
        *('emails[type eq "work"].value', 'members[value eq "a"]', "name.givenName", "emails.value", "a.b.c", "["),
        *('emails[primary eq "True"]', 'emails[type eq "new" and display eq "x"]', "urn:scim:schemas:core:1.0:name"),
        "urn:scim:schemas:extension:enterprise:1.0",
    ]
)
words = st.sampled_from(["add", "remove", "replace", "Add", "schemas", "Operations", "op", "path", "value", PATCH_URN])
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | names
    | st.sampled_from(
        ["\ud800", "True", "delete", "2011-05-13T04:42:34Z", "aGk=", "1" * 25, '{"active": 1}', "[" * 500]
    )
)
keys = names | words | st.text(max_size=6)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5), max_leaves=25
)
objects = st.dictionaries(keys, documents, max_size=6)
operations = st.fixed_dictionaries(
    {"op": st.sampled_from(["add", "remove", "replace", "Add", "REMOVE", "x"]) | scalars},
    optional={"path": names | scalars, "value": documents | objects},
)
messages = st.fixed_dictionaries(
    {"schemas": st.just([PATCH_URN]) | documents, "Operations": st.lists(operations, max_size=4) | documents}
)
leniencies = st.sampled_from([RFC, ALL])


def check(call, *inputs):
    """Run it: a ScimError is fine, any other exception and any change of an input is not."""
    before = copy.deepcopy(inputs)
    try:
        result = call(*inputs)
    except ScimError as error:
        error.detail.encode()
        result = None
    assert repr(inputs) == repr(before)
    return result


@given(documents | objects, st.sampled_from([USERS, GROUPS]), leniencies, st.booleans())
def test_any_resource_is_read_or_refused(body, schema, leniency, replaces):
    current = (DOCUMENT if schema is USERS else GROUP) if replaces else None
    incoming = check(lambda body: read_resource(body, schema, current=current, leniency=leniency), body)
    if incoming is not None:
        json.dumps(incoming.document, allow_nan=False).encode()


@given(objects, leniencies)
def test_a_resource_that_names_itself_rightly_is_read_or_refused(body, leniency):
    body = {**body, "schemas": [USER_URN], "userName": "x"}
    incoming = check(lambda body: read_resource(body, USERS, leniency=leniency), body)
    if incoming is not None:
        json.dumps(incoming.document, allow_nan=False, ensure_ascii=False).encode()
        again = read_resource(incoming.document, USERS, leniency=leniency)
        assert again.document == incoming.document


@settings(max_examples=400)
@given(messages | documents, st.sampled_from([(USERS, DOCUMENT), (GROUPS, GROUP)]), leniencies)
def test_any_patch_is_applied_or_refused(body, target, leniency):
    schema, document = target
    result = check(lambda body, document: patch(body, document, schema, leniency=leniency), body, document)
    if result is not None:
        json.dumps(result.document, allow_nan=False, ensure_ascii=False).encode()
        assert result.changed == (result.document != document)
        assert read_resource(result.document, schema).document == result.document


@given(objects | documents, st.sampled_from([(USERS, DOCUMENT), (GROUPS, GROUP)]), leniencies)
def test_any_patch_of_version_1_is_applied_or_refused(body, target, leniency):
    schema, document = target
    check(lambda body, document: patch_from_1(body, document, schema, leniency=leniency), body, document)
    incoming = check(lambda body: resource_from_1(body, schema, leniency=leniency), body)
    if incoming is not None:
        resource_to_1(incoming.document)


paths = names | st.builds("{}.{}".format, names, names)
literals = st.sampled_from(['"work"', '"x', "true", "null", "1", "1e999", '"\\ud800"', '"2011-05-13T04:42:34Z"', "x"])
terms = st.builds(
    "{} {} {}".format, paths, st.sampled_from(["eq", "NE", "co", "sw", "ew", "gt", "ge", "lt", "le", "xx"]), literals
) | st.builds("{} pr".format, paths)
filters = st.recursive(
    terms,
    lambda inner: (
        st.builds("({})".format, inner)
        | st.builds("not ({})".format, inner)
        | st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or"]), inner)
        | st.builds("{}[{}]".format, names, inner)
    ),
    max_leaves=8,
)


@settings(max_examples=300)
@given(filters | st.text(max_size=60), st.booleans())
def test_any_filter_is_run_or_refused(text, strict):
    for compile_it in (compile_filter, partial(compile_filter, rename=attribute_from_1)):
        found = check(lambda text, make=compile_it: make(text, USERS, strict=strict), text)
        if found is not None:
            assert found.matches(DOCUMENT) in (True, False)


@given(paths | filters | st.text(max_size=40))
def test_any_path_is_resolved_or_refused(text):
    check(lambda text: resolve_path(text, USERS), text)
    check(lambda text: sort_key(USERS, text)(DOCUMENT), text)


@given(st.lists(paths | st.text(max_size=20), max_size=4), st.booleans())
def test_any_projection_shows_a_part_of_the_resource(wanted, excluded):
    choice = {"excluded": wanted} if excluded else {"attributes": wanted}
    shown = check(lambda: compile_projection(USERS, **choice).apply(DOCUMENT))
    assert shown["schemas"] == DOCUMENT["schemas"]
    assert shown.keys() <= DOCUMENT.keys()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        'userName eq "' + "x" * 100_000 + '" or',
        " or ".join(["a pr"] * 2000),
        "not (" * 1000 + "title pr" + ")" * 1000,
        'emails[value eq "\ud800"]',
    ],
)
def test_an_excessive_filter_is_refused(text):
    with pytest.raises(InvalidFilter):
        compile_filter(text, USERS)


@pytest.mark.parametrize("text", ["emails[" * 5000, "a" * 100_000, 'emails[type eq "\ud800"]', "emails[type eq 1e999]"])
def test_an_excessive_path_is_refused(text):
    with pytest.raises((InvalidPath, InvalidFilter)):
        resolve_path(text, USERS)


def nested(depth):
    value = leaf = {}
    for _ in range(depth):
        leaf[""] = leaf = {}
    return value


def survives(call, *arguments, **options):
    with contextlib.suppress(ScimError):
        call(*arguments, **options)


@pytest.mark.parametrize("leniency", [RFC, ALL], ids=["rfc", "tolerant"])
@pytest.mark.parametrize("key", ["userName", "emails", "name", ENTERPRISE_URN, USER_URN, "unknown", f"{USER_URN}:"])
def test_deep_nesting_never_exhausts_the_stack(key, leniency):
    deep = nested(5000)
    for body in ({"schemas": [USER_URN], "userName": "x", key: deep}, deep):
        for call in (read_resource, resource_from_1):
            survives(call, body, USERS, leniency=leniency)
    for value in (deep, {key: deep}, [deep], "[" * 5000):
        for operation in ({"op": "add", "value": value}, {"op": "remove", "path": "emails", "value": value}):
            body = {"schemas": [PATCH_URN], "Operations": [operation]}
            survives(patch, body, DOCUMENT, USERS, leniency=leniency)


@pytest.mark.parametrize("value", ["\ud800", "ok\udfff"])
@pytest.mark.parametrize("key", ["userName", "displayName", "externalId", "password"])
def test_a_lone_surrogate_is_refused(key, value):
    with pytest.raises(InvalidValue):
        read_resource({"schemas": [USER_URN], "userName": "x"} | {key: value}, USERS)


def test_a_huge_list_of_members_is_read_without_delay():
    members = [{"value": str(number)} for number in range(100_000)]
    body = {"schemas": [GROUP_URN], "displayName": "All", "members": [*members, *members]}
    assert len(read_resource(body, GROUPS).members) == 100_000


@pytest.mark.parametrize("leniency", [RFC, ALL], ids=["rfc", "tolerant"])
def test_huge_lists_of_values_are_joined_and_taken_away_without_delay(leniency):
    emails = [{"value": f"{number}@example.com"} for number in range(20_000)]
    added = {"op": "add", "path": "emails", "value": emails}
    result = patch({"schemas": [PATCH_URN], "Operations": [added, added]}, DOCUMENT, USERS, leniency=leniency)
    assert len(result.document["emails"]) == 20_002
    gone = {"op": "remove", "path": "emails", "value": emails}
    if leniency is ALL:
        left = patch({"schemas": [PATCH_URN], "Operations": [gone]}, result.document, USERS, leniency=leniency)
        assert len(left.document["emails"]) == 2
