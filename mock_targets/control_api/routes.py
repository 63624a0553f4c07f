"""The table of control routes: what a path does, what it takes and what it gives. Everything else is drawn from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from provcheck.mock_targets.control_api import views
from provcheck.mock_targets.control_api.shapes import NUMBER, Schema, list_of, object_of, ref
from provcheck.mock_targets.control_api.views import Ask, Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method at one path. `body` is the schema of what it takes, `gives` of what it answers (None: nothing).

    `query` are its query parameters with their schemas. An `open` route needs no token.
    """

    method: str
    rule: str
    name: str
    doc: str
    view: Callable[[Ask], Reply]
    status: int = 200
    body: Schema | None = None
    gives: Schema | None = None
    query: Mapping[str, Schema] = field(default_factory=dict)
    open: bool = False


_PAGE: dict[str, Any] = {
    "since": {**NUMBER, "maximum": 10**15 - 1, "description": "Only exchanges after this sequence number"},
    "limit": {**NUMBER, "maximum": 10**15 - 1, "description": "At most so many, the oldest first"},
}
_T = "/targets/<target>"

ROUTES: tuple[Route, ...] = (
    Route(
        method="GET",
        rule="/health",
        name="health",
        doc="Say that the server lives",
        view=views.health,
        gives=object_of({"status": {"type": "string"}}),
        open=True,
    ),
    Route(
        method="GET",
        rule="/targets",
        name="listTargets",
        doc="Every target: where it is and its token",
        view=views.list_targets,
        gives=object_of({"targets": list_of(ref("Target"))}),
    ),
    Route(
        method="GET",
        rule=_T,
        name="describeTarget",
        doc="One target with its flags and profiles",
        view=views.describe_target,
        gives=ref("TargetDescription"),
    ),
    Route(
        method="PATCH",
        rule=f"{_T}/flags",
        name="changeFlags",
        doc="Set flags, all or none; a profile is applied before the values beside it",
        view=views.change_flags,
        body=ref("FlagChange"),
        gives=object_of({"flags": ref("FlagValues")}),
    ),
    Route(
        method="POST",
        rule=f"{_T}/seed",
        name="seed",
        doc="Add users and groups, all or none",
        view=views.plant,
        body=ref("Seed"),
        gives=object_of({"users": NUMBER, "groups": NUMBER}),
    ),
    Route(
        method="GET",
        rule=f"{_T}/snapshot",
        name="snapshot",
        doc="Everything in the target, with ids and memberships",
        view=views.snapshot,
        gives=ref("Snapshot"),
    ),
    Route(
        method="GET",
        rule=f"{_T}/journal",
        name="journal",
        doc="What was asked, what was answered and what truly happened",
        view=views.journal,
        gives={"anyOf": [ref("Journal"), ref("Archive")]},
        query={**_PAGE, "format": {"enum": ["json", "har"]}},
    ),
    Route(
        method="GET",
        rule=f"{_T}/journal.har",
        name="journalArchive",
        doc="The journal as an HTTP Archive (HAR 1.2)",
        view=views.journal_har,
        gives=ref("Archive"),
        query=_PAGE,
    ),
    Route(
        method="POST",
        rule=f"{_T}/journal/count",
        name="countExchanges",
        doc="How many exchanges meet all criteria; when none does, which came nearest",
        view=views.count_exchanges,
        body=ref("Criteria"),
        gives=ref("Count"),
    ),
    Route(
        method="GET",
        rule="/faults",
        name="listCatalogue",
        doc="The faults that have a name, and what a correct client makes of each",
        view=views.list_catalogue,
        gives=object_of({"faults": list_of(ref("CatalogueFault"))}),
    ),
    Route(
        method="POST",
        rule=f"{_T}/faults",
        name="armFault",
        doc="Arm a fault: one that is described, or one of the catalogue by its name",
        view=views.arm_fault,
        status=201,
        body={"anyOf": [ref("Fault"), ref("NamedFault")]},
        gives=ref("ArmedFault"),
    ),
    Route(
        method="GET",
        rule=f"{_T}/faults",
        name="listFaults",
        doc="The armed faults and how often each fired",
        view=views.list_faults,
        gives=object_of({"faults": list_of(ref("ArmedFault"))}),
    ),
    Route(
        method="DELETE",
        rule=f"{_T}/faults",
        name="clearFaults",
        doc="Remove every fault",
        view=views.clear_faults,
        status=204,
    ),
    Route(
        method="DELETE",
        rule=f"{_T}/faults/<fault>",
        name="removeFault",
        doc="Remove one fault",
        view=views.remove_fault,
        status=204,
    ),
    Route(
        method="POST",
        rule=f"{_T}/reset",
        name="resetTarget",
        doc="Put one target back as it was when it started",
        view=views.reset_target,
        status=204,
    ),
    Route(
        method="POST",
        rule="/reset",
        name="resetAll",
        doc="Put every target back as it was when it started",
        view=views.reset_all,
        status=204,
    ),
)
