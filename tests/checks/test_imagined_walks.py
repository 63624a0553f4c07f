"""Random walks of the simulation: a correct client breaks no check and stays within what can be seen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provcheck.harness import checks, vendors
from provcheck.harness.model import (
    After,
    Apply,
    ArmFaults,
    ChangeUser,
    Citation,
    ClearFaults,
    Configure,
    FaultSpec,
    Given,
    Join,
    Leave,
    Population,
    PutUser,
    RemoveUser,
    RenameGroup,
    Resync,
    Scenario,
    SetFlags,
)
from provcheck.harness.oracle.expected import READINGS
from provcheck.harness.scenarios.people import FIVE, account, group_id, person, remote_group, source, team, user_id
from tests.checks.imagined_run import checkpoints

NAMES = st.sampled_from(FIVE)
GROUPS = st.sampled_from(("Red", "Green"))
SWITCHES = st.sampled_from(("create_users", "update_users", "disable_users", "deprovision_users"))
FLAGS = st.sampled_from(
    (
        "allows_create_users",
        "allows_update_users",
        "allows_disable_users",
        "allows_update_groups",
        "allows_create_groups",
    )
)
FAULTS = st.builds(
    FaultSpec,
    st.sampled_from(("user.create", "user.update", "user.list", "member.add", "group.create")),
    st.one_of(st.none(), NAMES, GROUPS),
    times=st.sampled_from((1, None)),
    status=st.sampled_from((400, 503)),
)
EDITS = st.one_of(
    st.builds(lambda n, v: ChangeUser(user_id(n), {"family_name": v}), NAMES, st.sampled_from(("Berg", "Moe", "Kaya"))),
    st.builds(lambda n, v: ChangeUser(user_id(n), {"active": v}), NAMES, st.booleans()),
    st.builds(lambda n: PutUser(person(n)), NAMES),
    st.builds(lambda n: RemoveUser(user_id(n)), NAMES),
    st.builds(lambda g, n: Join(group_id(g), user_id(n)), GROUPS, NAMES),
    st.builds(lambda g, n: Leave(group_id(g), user_id(n)), GROUPS, NAMES),
    st.builds(lambda v: RenameGroup(group_id("Red"), v), st.sampled_from(("Red", "Crimson"))),
)
STEPS = st.one_of(
    st.builds(lambda edits: Apply(tuple(edits)), st.lists(EDITS, max_size=2)),
    st.builds(lambda edits: Apply(tuple(edits)), st.lists(EDITS, max_size=2)),
    st.just(Resync()),
    st.builds(lambda name, value: Configure({name: value}), SWITCHES, st.booleans()),
    st.builds(lambda name, value: SetFlags({name: value}), FLAGS, st.booleans()),
    st.builds(lambda fault: ArmFaults((fault,)), FAULTS),
    st.just(ClearFaults()),
)
PROFILES = st.sampled_from(vendors.configurations())


def _possible(steps, population: Population) -> list:
    """The steps, without edits of people who are not there (any more)."""
    kept = []
    for step in steps:
        if isinstance(step, Apply):
            edits = []
            for edit in step.edits:
                try:
                    population = edit.on(population)
                except KeyError:
                    continue
                edits.append(edit)
            step = replace(step, edits=tuple(edits))
        kept.append(step)
    return kept


@st.composite
def walks(draw) -> Scenario:
    population = source(("ada", "ben", "cem", "dan"), team("Red", "ada", "ben"), team("Green", "ben", "cem", "eve"))
    accounts = draw(st.sampled_from(((), (account("ada"),), (account("ben", familyName="Else"), account("fay")))))
    groups = draw(st.sampled_from(((), (remote_group("Red", *(a["userName"] for a in accounts)),))))
    given_ = Given(population, accounts=accounts, groups=groups)
    steps = _possible([Apply(), *draw(st.lists(STEPS, max_size=12))], population)
    return Scenario("walk", "A walk", "derived", "", Citation("", ""), given_, (*steps, After()))


def _walk_settings(examples: int):
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
    )


@_walk_settings(300)
@given(walks(), PROFILES, st.sampled_from(READINGS))
def test_a_correct_client_breaks_no_check(walk, configuration, reading):
    for checkpoint in checkpoints(walk, configuration, reading):
        assert checks.judge(checkpoint) == []
