"""Prints and reads the sync status page in both of its documented layouts.

Reading goes by label, in any order and any of the documented spellings; what a layout does not show reads as absent.
Source: pingone, Viewing sync status, the revision of June 2025 and the earlier one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from provcheck.harness.model.summary import COUNTERS, Counters, SyncStatus, SyncSummary

Layout = Literal["2025", "earlier"]
NEVER = "Never"
TIME = "%Y-%m-%d %H:%M:%S UTC"


class BadPage(ValueError):
    """A text that is not a sync status page."""


def _normal(label: str) -> str:
    return re.sub(r"[^a-z]+", " ", label.casefold()).strip()


SECTIONS = {
    "user sync summary": "users",
    "users": "users",
    "group sync summary": "groups",
    "groups": "groups",
    "sync summary": "status",
}
COUNTER_LABELS = {
    "impacted": "impacted",
    "impacted users": "impacted",
    "success": "success",
    "synced users": "success",
    "unsynced": "unsynced",
    "unsynced users": "unsynced",
    "partial sync": "partially_synced",
    "partial synced": "partially_synced",
    "partial synced users": "partially_synced",
    "partially synced": "partially_synced",
    "failed": "failed",
    "sync failures": "failed",
    "write back failures": "write_back_failures",
}
FIELD_LABELS = {
    "sync status": "sync_status",
    "last sync": "last_sync",
    "sync direction": "direction",
    "source": "source",
    "target": "target",
    "last poll": "last_poll",
    "last write back": "last_write_back",
}
TIMES = ("last_sync", "last_poll", "last_write_back")

LABELS_2025 = {
    "impacted": "Impacted",
    "success": "Success",
    "unsynced": "Unsynced",
    "partially_synced": "Partial Synced",
    "failed": "Failed",
}
LABELS_INBOUND = {
    "impacted": "Impacted Users",
    "success": "Synced Users",
    "unsynced": "Unsynced Users",
    "partially_synced": "Partial Synced Users",
    "failed": "Sync Failures",
}
EARLIER_GROUP_COUNTERS = ("impacted", "success", "failed")
"""The earlier page shows three counters of groups."""


@dataclass(frozen=True, slots=True)
class SyncPage:
    """What a page says: counters by name (only those shown), and the fields of the status by name."""

    users: Mapping[str, int]
    groups: Mapping[str, int] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def summary(self) -> SyncSummary:
        """As a summary; a counter that the page does not show is 0."""
        users = {name: self.users.get(name, 0) for name in COUNTERS}
        groups = None if self.groups is None else {name: self.groups.get(name, 0) for name in COUNTERS}
        return SyncSummary(
            Counters(**users),
            None if groups is None else Counters(**groups),
            write_back_failures=self.users.get("write_back_failures"),
        )

    def status(self) -> SyncStatus:
        """The status block. Raises BadPage when the state is not Active, Inactive or Failed."""
        state = self.fields.get("sync_status", "")
        if state not in ("Active", "Inactive", "Failed"):
            raise BadPage(f"the status is Active, Inactive or Failed, not {state!r}")
        times = {name: _read_time(self.fields[name]) for name in TIMES if name in self.fields}
        ends = {name: self.fields[name] for name in ("direction", "source", "target") if name in self.fields}
        return SyncStatus(state, **times, **ends)  # type: ignore[arg-type]  # texts and times, by name


def render(summary: SyncSummary, status: SyncStatus, layout: Layout = "2025") -> str:
    """The page as text, in the labels and the order of the vendor's page. Ends with a line break."""
    pages = {"2025": _page_2025, "earlier": _page_earlier}
    if layout not in pages:
        raise ValueError(f"layout is 2025 or earlier, not {layout!r}")
    return "\n".join(pages[layout](summary, status)) + "\n"


def sections(summary: SyncSummary, layout: Layout = "2025") -> str:
    """The counters alone, as the page of this layout shows them for outbound provisioning. Ends with a line break."""
    earlier = layout == "earlier"
    lines = ["Users" if earlier else "User Sync Summary", *_counters(summary.users, LABELS_2025, COUNTERS)]
    if summary.groups is not None:
        shown = EARLIER_GROUP_COUNTERS if earlier else COUNTERS
        lines += ["Groups" if earlier else "Group Sync Summary", *_counters(summary.groups, LABELS_2025, shown)]
    return "\n".join(lines) + "\n"


def parse(text: str) -> SyncPage:
    """Read a page. Raises BadPage when there is no counter in it, or one that is not a number or given twice."""
    sections: dict[str, dict[str, str]] = {"status": {}}
    current = "status"
    for line in text.splitlines():
        label, colon, rest = line.partition(":")
        label, value = label.strip(" \t*-"), rest.strip(" \t*:")
        if not label:
            continue
        known = _normal(re.sub(r"\(\w+ connections only\)", "", label))
        if known in SECTIONS and (not colon or not value or known in ("users", "groups", "sync summary")):
            current = SECTIONS[known]
            sections.setdefault(current, {})
            _take(sections, "status", "sync_status", value)
        elif known in COUNTER_LABELS:
            _take(sections, "users" if current == "status" else current, COUNTER_LABELS[known], value)
        elif known in FIELD_LABELS:
            _take(sections, "status", FIELD_LABELS[known], value)
    if "users" not in sections:
        raise BadPage("there is no user section")
    groups = sections.get("groups")
    return SyncPage(_numbers(sections["users"]), None if groups is None else _numbers(groups), sections["status"])


def _take(sections: dict[str, dict[str, str]], section: str, name: str, value: str) -> None:
    if not value:
        return
    known = sections.setdefault(section, {})
    if known.get(name, value) != value:
        raise BadPage(f"{name} is given twice, as {known[name]!r} and as {value!r}")
    known[name] = value


def _numbers(section: Mapping[str, str]) -> Mapping[str, int]:
    for name, value in section.items():
        if not re.fullmatch(r"\d+", value, re.ASCII):
            raise BadPage(f"{name} is a number, not {value!r}")
    return {name: int(value) for name, value in section.items()}


def _page_2025(summary: SyncSummary, status: SyncStatus) -> list[str]:
    lines = [f"Sync Status: {status.sync_status}", "", "User Sync Summary"]
    lines += [*_counters(summary.users, LABELS_2025, COUNTERS), *_write_back(summary), "  [Audit Log]"]
    if summary.groups is not None:
        lines += ["", "Group Sync Summary", *_counters(summary.groups, LABELS_2025, COUNTERS), "  [Audit Log]"]
    return [
        *lines,
        "",
        f"Last Sync: {_time(status.last_sync)}",
        f"Sync Direction: {status.direction}",
        f"Source: {status.source}",
        f"Target: {status.target}",
        "",
        "[Full Resync]",
    ]


def _page_earlier(summary: SyncSummary, status: SyncStatus) -> list[str]:
    return _earlier_inbound(summary, status) if status.direction == "Inbound" else _earlier_outbound(summary, status)


def _earlier_outbound(summary: SyncSummary, status: SyncStatus) -> list[str]:
    lines = [
        "Sync Summary",
        "",
        "[Audit Logs]  [Resync]",
        "",
        f"Users: {status.sync_status}",
        f"  Last Sync: {_time(status.last_sync)}",
    ]
    lines += _counters(summary.users, LABELS_2025, COUNTERS)
    if summary.groups is not None:
        lines += ["", f"Groups: {status.sync_status}"]
        lines += _counters(summary.groups, LABELS_2025, EARLIER_GROUP_COUNTERS)
    return lines


def _earlier_inbound(summary: SyncSummary, status: SyncStatus) -> list[str]:
    lines = [f"Sync Summary: {status.sync_status}", ""]
    lines += [f"Last Sync: {_time(status.last_sync)}", f"Last Poll: {_time(status.last_poll)}"]
    if summary.write_back_failures is not None:
        lines.append(f"Last Write-back: {_time(status.last_write_back)}")
    return [
        *lines,
        "",
        *(line.strip() for line in _counters(summary.users, LABELS_INBOUND, COUNTERS)),
        *(line.strip() for line in _write_back(summary)),
    ]


def _counters(counters: Counters, labels: Mapping[str, str], shown: tuple[str, ...]) -> list[str]:
    values = counters.as_dict()
    return [f"  {labels[name]}: {values[name]}" for name in shown]


def _write_back(summary: SyncSummary) -> list[str]:
    failures = summary.write_back_failures
    return [] if failures is None else [f"  Write-back Failures: {failures}"]


def _time(at: datetime | None) -> str:
    return NEVER if at is None else at.astimezone(UTC).strftime(TIME)


def _read_time(text: str) -> datetime | None:
    if text == NEVER:
        return None
    try:
        return datetime.strptime(text, TIME).replace(tzinfo=UTC)
    except ValueError:
        raise BadPage(f"a time reads like 2025-06-04 09:00:00 UTC, not {text!r}") from None
