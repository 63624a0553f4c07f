"""The vocabulary of the harness: pure values, no input or output beyond reading a source file.

Every other package of the harness speaks in these words; none of them may add behaviour here.
"""

from provcheck.harness.model.audit import AuditRecord
from provcheck.harness.model.capability import CAPABILITIES, TargetConfiguration, UnknownCapability, capabilities
from provcheck.harness.model.clock import Clock, SystemClock, VirtualClock
from provcheck.harness.model.connection import BadConnection, Connection
from provcheck.harness.model.edits import (
    ChangeUser,
    Edit,
    Join,
    Leave,
    PutGroup,
    PutUser,
    RemoveGroup,
    RemoveUser,
    RenameGroup,
)
from provcheck.harness.model.event import (
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Event,
    RunFinished,
    RunStarted,
    StepTaken,
    Verdict,
)
from provcheck.harness.model.expectation import (
    Account,
    After,
    GroupAtTarget,
    HoldsBack,
    RefusedBy,
    Requests,
    StopsWhenRefused,
)
from provcheck.harness.model.external_change import ExternalChanges
from provcheck.harness.model.faultspec import FaultSpec
from provcheck.harness.model.finding import Finding
from provcheck.harness.model.layout import BadPage, SyncPage, parse, render
from provcheck.harness.model.population import BadPopulation, Population, SourceGroup, SourceUser
from provcheck.harness.model.rule import DEFAULT_MAPPING, RECOMMENDED_GROUPS, BadRule, ExternalGroup, Rule, UserFilter
from provcheck.harness.model.scenario import Citation, Given, Scenario
from provcheck.harness.model.steps import (
    Apply,
    ArmFaults,
    ChangeRule,
    ClearFaults,
    Configure,
    Restart,
    Resync,
    SetFlags,
    Step,
)
from provcheck.harness.model.summary import COUNTERS, Counters, SummaryHidden, SyncStatus, SyncSummary

__all__ = [
    "CAPABILITIES",
    "COUNTERS",
    "DEFAULT_MAPPING",
    "RECOMMENDED_GROUPS",
    "Account",
    "After",
    "Apply",
    "ArmFaults",
    "AuditRecord",
    "BadConnection",
    "BadPage",
    "BadPopulation",
    "BadRule",
    "CaseFinished",
    "CaseStarted",
    "ChangeRule",
    "ChangeUser",
    "CheckpointReached",
    "Citation",
    "ClearFaults",
    "Clock",
    "Configure",
    "Connection",
    "Counters",
    "Edit",
    "Event",
    "ExternalChanges",
    "ExternalGroup",
    "FaultSpec",
    "Finding",
    "Given",
    "GroupAtTarget",
    "HoldsBack",
    "Join",
    "Leave",
    "Population",
    "PutGroup",
    "PutUser",
    "RefusedBy",
    "RemoveGroup",
    "RemoveUser",
    "RenameGroup",
    "Requests",
    "Restart",
    "Resync",
    "Rule",
    "RunFinished",
    "RunStarted",
    "Scenario",
    "SetFlags",
    "SourceGroup",
    "SourceUser",
    "Step",
    "StepTaken",
    "StopsWhenRefused",
    "SummaryHidden",
    "SyncPage",
    "SyncStatus",
    "SyncSummary",
    "SystemClock",
    "TargetConfiguration",
    "UnknownCapability",
    "UserFilter",
    "Verdict",
    "VirtualClock",
    "capabilities",
    "parse",
    "render",
]
