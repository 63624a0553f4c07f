"""What a description of a fault may say, moment by moment, and what a fault asks of the request that it meets."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field, fields
from importlib import import_module

import pytest

from provcheck.mock_targets.faults import conditions, effects
from provcheck.mock_targets.faults.description import describe, field_names, read_fault
from provcheck.mock_targets.faults.effects import EFFECTS
from provcheck.mock_targets.faults.effects.effect import MOMENTS
from provcheck.mock_targets.faults.facts import Filtering, PatchOperation
from provcheck.mock_targets.faults.fault import BadFault
from provcheck.mock_targets.faults.part import Part
from provcheck.mock_targets.faults.plan import FaultPlan

FITTING = {
    "before": [{"status": 503}, {"resets": True}, {"rival": "active"}, {"vanishes": True}, {"lists": "empty"}],
    "after": [{"drops": ["id"]}, {"sets": {"a": 1}}, {"hides_by_id": 5}, {"body": ""}, {"headers": {"Location": None}}],
    "wire": [{"dribbles": 1}, {"rewrites": {"userName": "lower"}}, {"retry_date": -5}, {"truncates_at": 0}],
    "partial": [
        {"keeps": 0},
        {"drops": ["title"]},
        {"keeps": 2, "delay": 1},
        {"stores": {"title": None}},
        {"stores_cut": {"title": 3}},
        {"stores_rewritten": {"title": "first_word"}},
        {"stores_members": []},
    ],
    "later": [{"applies_after": 5}, {"applies_after": 5, "status": 200, "body": {}}],
}


@pytest.mark.parametrize(
    ("moment", "effect"), [(moment, each) for moment, several in FITTING.items() for each in several]
)
def test_each_moment_has_effects_of_its_own(moment, effect):
    assert describe(read_fault({"moment": moment, **effect}))["moment"] == moment


def test_every_class_of_an_effect_or_a_condition_is_named():
    modules = [import_module(f"{effects.__name__}.{each.name}") for each in pkgutil.iter_modules(effects.__path__)]
    classes = {each for module in (*modules, conditions) for each in vars(module).values() if isinstance(each, type)}
    assert {each for each in classes if issubclass(each, Part) and fields(each)} == {*EFFECTS, *conditions.CONDITIONS}


def test_a_fault_is_described_as_it_was_given_and_every_field_is_there():
    given = {"operation": "user.*", "moment": "wire", "rewrites": {"userName": "lower"}, "method": "PUT", "times": None}
    described = describe(read_fault(given))
    assert {*described} == {*field_names()}
    assert described | given == described
    assert read_fault(described) == read_fault(given)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_moment_without_an_effect_is_refused(moment):
    with pytest.raises(BadFault, match="needs an effect"):
        read_fault({"moment": moment})


@pytest.mark.parametrize(
    ("description", "told"),
    [
        ({"moment": "before", "drops": ["id"]}, "cannot be felt"),
        ({"moment": "after", "status": 500, "rival": "active"}, "cannot be felt"),
        ({"moment": "wire", "hides_by_id": 3}, "cannot be felt"),
        ({"moment": "partial", "keeps": 1, "status": 500}, "cannot be felt"),
        ({"moment": "later", "applies_after": 3, "loses_answer": True}, "cannot be felt"),
        ({"status": 503, "hides_by_filter": 5}, "hides_by_filter needs rival at the moment before"),
        ({"moment": "after", "loses_answer": True, "reason": "quota_exceeded"}, "reason needs status"),
        ({"moment": "partial", "stores_cut": {"title": -1}}, "stores_cut.title is at least 0"),
        ({"sped": 1, "status": 503}, "a fault has no 'sped'"),
        ({"lists": "upside down"}, "lists is one of"),
        ({"rival": "hostile"}, "rival is one of active, inactive, not 'hostile'"),
        ({"method": "BREW", "status": 418}, "method is one of"),
        ({"only_if": "nice", "status": 400}, "only_if is one of"),
        ({"moment": "wire", "rewrites": {"a": "backwards"}}, "rewrites.a is one of"),
        ({"moment": "wire", "drops": [""]}, r"drops\[0\] is a text that is not empty"),
        ({"moment": "wire", "drops": "id"}, "drops is a list"),
        ({"moment": "wire", "dribbles": 1e9}, "dribbles is at most 3600"),
        ({"moment": "partial", "keeps": -1}, "keeps is at least 0"),
        ({"retry_date": 1e12, "status": 429}, "retry_date is at most 31622400"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(description, told):
    with pytest.raises(BadFault, match=told):
        read_fault(description)


@dataclass
class Asked:
    """A request, as far as faults ask about it: the occasion, its facts and the API's names in one."""

    method: str = "PATCH"
    path: str = "/v2/Users/7"
    media_type: str = "application/json"
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    filtering: Filtering | None = None
    attributes: tuple[str, ...] = ()
    patch_operations: tuple[PatchOperation, ...] = ()
    clears: bool = False
    replaces_members: bool = False
    changed: tuple[str, ...] = ()
    parallel: int = 1
    parts: int = 1
    own: frozenset[str] = frozenset()

    @property
    def facts(self):
        return self

    @property
    def naming(self):
        return self

    def word(self, attribute: str) -> str:
        return {"userName": "login"}.get(attribute, attribute)

    def header(self, name: str) -> str | None:
        return self.headers.get(name)

    def announced(self, pattern: str) -> int:
        return self.parts


def patched(*operations: tuple[str, str]) -> Asked:
    return Asked(patch_operations=tuple(PatchOperation(*each) for each in operations))


@pytest.mark.parametrize(
    ("narrowed", "met", "spared"),
    [
        ({"method": "PATCH"}, Asked(), Asked(method="PUT")),
        ({"url_path": "/v2/*"}, Asked(), Asked(path="/v1/Users")),
        ({"query": {"count": "*"}}, Asked(query={"count": "5"}), Asked()),
        ({"query": {"count": None}}, Asked(), Asked(query={"count": "5"})),
        ({"request_headers": {"If-Match": 'W/"*'}}, Asked(headers={"If-Match": 'W/"1"'}), Asked()),
        ({"filters_by": "externalId"}, Asked(filtering=Filtering("", frozenset({"externalid"}))), Asked()),
        ({"filters_by": "userName"}, Asked(filtering=Filtering("", frozenset({"login"}))), Asked()),
        ({"has_attribute": "name"}, Asked(attributes=("name.familyname",)), Asked(attributes=("names",))),
        ({"lacks_attribute": "name"}, Asked(), Asked(attributes=("name",))),
        ({"changes_attribute": "userName"}, Asked(changed=("login",)), Asked(changed=("userName",))),
        ({"patch_op": "add"}, patched(("Add", "title")), patched(("replace", "title"))),
        ({"patch_path": "members*"}, patched(("add", "members[value]")), patched(("add", "title"))),
        ({"patch_op": "add", "patch_path": ""}, patched(("add", "")), patched(("add", "title"), ("remove", ""))),
        ({"replaces_members": True}, Asked(replaces_members=True), Asked()),
        ({"replaces_members": False}, Asked(), Asked(replaces_members=True)),
        ({"only_if": "clears"}, Asked(clears=True), Asked()),
        ({"only_if": "patch_of_several"}, patched(("add", ""), ("add", "")), patched(("add", ""))),
        ({"only_if": "scim_json"}, Asked(media_type="application/scim+json"), Asked()),
        ({"above": 2}, Asked(parts=3), Asked(parts=2)),
        ({"parallel_above": 4}, Asked(parallel=5), Asked(parallel=4)),
    ],
)
def test_a_fault_can_be_narrowed_to_some_requests(narrowed, met, spared):
    table = FaultPlan()
    table.arm(read_fault({"status": 400, **narrowed}))
    assert table.take("user.update", (), "before", occasion=spared) is None
    assert table.take("user.update", (), "before", occasion=met) is not None


def test_an_outage_ends_by_itself():
    now = [0.0]
    table = FaultPlan(lambda: now[0])
    table.arm(read_fault({"status": 503, "times": None, "lasts": 10}))
    assert table.take("user.create", (), "before") is not None
    now[0] = 9.9
    assert table.take("user.create", (), "before") is not None
    now[0] = 10.0
    assert table.take("user.create", (), "before") is None
