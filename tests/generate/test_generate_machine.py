"""A state machine of Hypothesis over the same machinery: it chooses the steps, and shrinks them its own way."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from provcheck.harness import vendors
from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.generate import Play, Trial
from provcheck.harness.generate.fault_kinds import KINDS
from provcheck.harness.generate.people import PEOPLE, UNMANAGED, person
from provcheck.harness.generate.trial import SWITCHES
from provcheck.harness.model import (
    Apply,
    ArmFaults,
    ChangeUser,
    ClearFaults,
    Configure,
    Given,
    Join,
    Leave,
    Population,
    PutUser,
    RemoveUser,
    Restart,
    Resync,
    SourceGroup,
)
from provcheck.harness.model.disruption import Crash, GeneratedStep
from provcheck.harness.model.external_change import ChangeAccount, CreateAccount, DeleteGroup, ExternalChanges
from provcheck.harness.testbed import Testbed

NAMES = st.sampled_from(PEOPLE[:4])
GROUPS = st.sampled_from(("g-red", "g-green"))
EDITS = st.one_of(
    st.builds(lambda name: PutUser(person(name)), NAMES),
    st.builds(lambda name: RemoveUser(f"u-{name}"), st.sampled_from(PEOPLE[1:4])),
    st.builds(lambda name, on: ChangeUser(f"u-{name}", {"active": on}), NAMES, st.booleans()),
    st.builds(
        lambda name, family: ChangeUser(f"u-{name}", {"family_name": family}), NAMES, st.sampled_from(("Moe", "Lund"))
    ),
    st.builds(lambda group, name: Join(group, f"u-{name}"), GROUPS, NAMES),
    st.builds(lambda group, name: Leave(group, f"u-{name}"), GROUPS, NAMES),
)
SOME_EDITS = st.lists(EDITS, max_size=3).map(tuple)
FAULTS = st.sampled_from(sorted(KINDS)).flatmap(
    lambda name: st.builds(
        lambda operation, times, skip: KINDS[name].fault(name, operation, None, times, skip),
        st.sampled_from(KINDS[name].operations),
        st.integers(1, 3),
        st.integers(0, 2),
    )
)
EXTERNAL_CHANGES = st.one_of(
    st.builds(lambda name: ChangeAccount(name, {"familyName": "Else"}), NAMES),
    st.builds(lambda name: ChangeAccount(name, {"active": False}), NAMES),
    st.builds(lambda name: CreateAccount({"userName": name, "active": True}), st.sampled_from((*PEOPLE, *UNMANAGED))),
    st.builds(DeleteGroup, st.sampled_from(("Red", "Green"))),
)


class Provisioning(RuleBasedStateMachine):
    """Each step is a rule; every checkpoint is judged, and convergence at the end."""

    play: Play | None = None
    testbed: Testbed

    @initialize(
        configuration=st.sampled_from(vendors.configurations()), handling=st.sampled_from(("Merge", "Overwrite"))
    )
    def begin(self, configuration, handling):
        source = Population(
            (person("ada"), person("ben")), (SourceGroup("g-red", "Red", ("u-ada",)), SourceGroup("g-green", "Green"))
        )
        able = "merge_or_overwrite" in configuration.capabilities
        given = Given(source, connection={"group_membership_handling": handling} if able else {})
        self.testbed = Testbed([configuration.target]).__enter__()
        self.play = Play(Trial("machine", configuration, given), self.testbed.rewound(configuration), ReferenceAdapter)

    def take(self, step: GeneratedStep) -> None:
        found = self.play.take(step)
        assert found == [], found[0]

    @rule(edits=SOME_EDITS)
    def the_source_changes(self, edits):
        self.take(Apply(edits))

    @rule()
    def a_full_resync(self):
        self.take(Resync())

    @rule(fault=FAULTS, edits=SOME_EDITS)
    def the_target_fails(self, fault, edits):
        self.take(ArmFaults((fault,)))
        self.take(Apply(edits))

    @rule()
    def the_target_works_again(self):
        self.take(ClearFaults())

    @rule(edit=EXTERNAL_CHANGES)
    def the_target_changes_out_of_band(self, edit):
        self.take(ExternalChanges((edit,)))

    @rule(switch=st.sampled_from(SWITCHES), on=st.booleans())
    def a_switch_is_turned(self, switch, on):
        self.take(Configure({switch: on}))

    @rule(requests=st.integers(1, 8), edits=SOME_EDITS, full=st.booleans())
    def the_client_is_killed(self, requests, edits, full):
        self.take(Crash(requests, edits, resync=full))

    @rule()
    def the_client_is_restarted(self):
        self.take(Restart())

    def teardown(self) -> None:
        if self.play is not None:
            for _, found in self.play.converge():
                assert found == [], found[0]
            self.testbed.__exit__(None, None, None)


Provisioning.TestCase.settings = settings(
    max_examples=40,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
TestProvisioning = Provisioning.TestCase
