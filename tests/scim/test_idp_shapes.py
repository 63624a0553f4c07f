"""Every shape does what its sender meant under its options, and is refused or read by the RFC without them."""

import copy
from dataclasses import replace

import pytest

from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.scim.catalog import standard_catalog
from provcheck.mock_targets.scim.errors import ScimError
from provcheck.mock_targets.scim.leniency import RFC, Leniency, descriptions
from provcheck.mock_targets.scim.patch import patch
from provcheck.mock_targets.scim.validate import read_resource
from provcheck.mock_targets.vendors.scim.sender_presets import PROFILES
from tests.scim.idp_shapes import ID_NAMES, SHAPES, Shape, filled

IDS = {name: name for name in ID_NAMES}
IN_ORDER = {shape.name: shape for shape in SHAPES}
each = pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])


class Missing(ScimError):
    """A member that must be there is not."""


def after_edits(members: list[str], edits: tuple[MembershipEdit, ...]) -> list[str]:
    for edit in edits:
        named = [member.id for member in edit.members]
        if edit.must_exist and not set(named) & set(members):
            raise Missing("no such member")
        if edit.action == "add":
            members = [*members, *(id for id in named if id not in members)]
        elif edit.action == "remove":
            members = [id for id in members if id not in named]
        elif edit.action == "replace":
            members = named
    return members


def outcome(shape: Shape, leniency: Leniency) -> tuple[dict, tuple[str, ...]]:
    schema = standard_catalog().schemas[shape.kind]
    body, before = filled(shape.body, IDS), filled(shape.before, IDS)
    sent = copy.deepcopy(body)
    if shape.method == "PATCH":
        result = patch(body, before, schema, leniency=leniency)
        document, members = result.document, after_edits(list(shape.members), result.edits)
        assert before == filled(shape.before, IDS)
    else:
        current = before if shape.method == "PUT" else None
        document, named = read_resource(body, schema, current=current, leniency=leniency)
        members = list(shape.members) if named is None else [member.id for member in named]
    assert body == sent
    return document, tuple(members)


@each
def test_a_shape_does_what_its_sender_meant_with_just_the_options_it_needs(shape):
    leniency = replace(RFC, **dict.fromkeys(shape.needs, True))
    document, members = outcome(shape, leniency)
    assert document == filled(shape.after, IDS)
    assert members == shape.expected_members


@each
@pytest.mark.parametrize("everything", [False, True], ids=["own profile", "tolerant"])
def test_a_shape_does_the_same_under_its_profile_and_with_everything_on(shape, everything):
    document, members = outcome(shape, PROFILES["tolerant" if everything else shape.profile])
    assert document == filled(shape.after, IDS)
    assert members == shape.expected_members


NEEDY = [shape for shape in SHAPES if shape.needs]
LEFT_OUT = [(shape, name) for shape in NEEDY for name in shape.needs]


@pytest.mark.parametrize("shape", NEEDY, ids=[shape.name for shape in NEEDY])
def test_a_shape_beyond_the_rfc_is_refused_or_read_by_the_rfc_without_options(shape):
    if shape.without is None:
        with pytest.raises(ScimError):
            outcome(shape, RFC)
    else:
        assert outcome(shape, RFC)[0] == filled(shape.without, IDS)


@pytest.mark.parametrize("shape,name", LEFT_OUT, ids=[f"{shape.name}-{name}" for shape, name in LEFT_OUT])
def test_each_option_a_shape_names_is_really_needed(shape, name):
    others = replace(RFC, **{other: True for other in shape.needs if other != name})
    try:
        document, members = outcome(shape, others)
    except ScimError:
        return
    assert (document, members) != (filled(shape.after, IDS), shape.expected_members)


def test_there_are_at_least_54_shapes_and_every_one_is_different():
    assert len(SHAPES) >= 54
    assert len(IN_ORDER) == len(SHAPES)
    assert len({repr((shape.body, shape.before)) for shape in SHAPES}) == len(SHAPES)


def test_every_switch_serves_a_shape():
    about_filters = {"single_quoted_filter_values", "unquoted_filter_values", "short_extension_names"}
    assert {name for shape in SHAPES for name in shape.needs} | about_filters == set(descriptions())
