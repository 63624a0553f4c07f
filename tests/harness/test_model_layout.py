"""The sync status page, in both documented layouts, printed and read back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provcheck.harness.model import BadPage, Counters, SyncStatus, SyncSummary, parse, render

AT = datetime(2025, 6, 4, 9, 0, tzinfo=UTC)
STATUS = SyncStatus("Active", AT, "Outbound", "PingOne", "Slack")
E6 = SyncSummary(Counters(5, 5, 0, 1, 0), Counters(2, 2))
COUNTERS = st.builds(Counters, *[st.integers(0, 10**6)] * 5)


def test_the_2025_page_reads_like_the_vendors():
    assert render(E6, STATUS).splitlines() == [
        "Sync Status: Active",
        "",
        "User Sync Summary",
        "  Impacted: 5",
        "  Success: 5",
        "  Unsynced: 0",
        "  Partial Synced: 1",
        "  Failed: 0",
        "  [Audit Log]",
        "",
        "Group Sync Summary",
        "  Impacted: 2",
        "  Success: 2",
        "  Unsynced: 0",
        "  Partial Synced: 0",
        "  Failed: 0",
        "  [Audit Log]",
        "",
        "Last Sync: 2025-06-04 09:00:00 UTC",
        "Sync Direction: Outbound",
        "Source: PingOne",
        "Target: Slack",
        "",
        "[Full Resync]",
    ]


def test_the_earlier_page_has_users_and_groups_and_three_group_counters():
    assert render(E6, STATUS, "earlier").splitlines() == [
        "Sync Summary",
        "",
        "[Audit Logs]  [Resync]",
        "",
        "Users: Active",
        "  Last Sync: 2025-06-04 09:00:00 UTC",
        "  Impacted: 5",
        "  Success: 5",
        "  Unsynced: 0",
        "  Partial Synced: 1",
        "  Failed: 0",
        "",
        "Groups: Active",
        "  Impacted: 2",
        "  Success: 2",
        "  Failed: 0",
    ]


def test_the_earlier_inbound_page_has_its_own_labels():
    inbound = SyncStatus("Active", AT, "Inbound", last_poll=AT, last_write_back=None)
    summary = SyncSummary(Counters(9, 6, 1, 1, 1), write_back_failures=3)
    assert render(summary, inbound, "earlier").splitlines() == [
        "Sync Summary: Active",
        "",
        "Last Sync: 2025-06-04 09:00:00 UTC",
        "Last Poll: 2025-06-04 09:00:00 UTC",
        "Last Write-back: Never",
        "",
        "Impacted Users: 9",
        "Synced Users: 6",
        "Unsynced Users: 1",
        "Partial Synced Users: 1",
        "Sync Failures: 1",
        "Write-back Failures: 3",
    ]


def test_a_target_without_groups_has_no_group_section_in_either_layout():
    alone = SyncSummary(Counters(1, 1))
    for layout in ("2025", "earlier"):
        assert "Group" not in render(alone, STATUS, layout)
        assert parse(render(alone, STATUS, layout)).groups is None


@given(COUNTERS, st.one_of(st.none(), COUNTERS), st.one_of(st.none(), st.integers(0, 99)))
def test_the_2025_page_is_read_back_as_it_was_printed(users, groups, failures):
    summary = SyncSummary(users, groups, write_back_failures=failures)
    page = parse(render(summary, STATUS))
    assert (page.summary(), page.status()) == (summary, STATUS)


@given(COUNTERS, st.one_of(st.none(), COUNTERS))
def test_the_earlier_page_is_read_back_but_for_the_group_counters_it_does_not_show(users, groups):
    page = parse(render(SyncSummary(users, groups), STATUS, "earlier"))
    assert page.summary().users == users
    shown = (
        None if groups is None else {"impacted": groups.impacted, "success": groups.success, "failed": groups.failed}
    )
    assert page.groups == shown
    assert page.status() == SyncStatus("Active", AT)


@given(COUNTERS)
def test_the_earlier_inbound_page_is_read_back(users):
    inbound = SyncStatus("Failed", AT, "Inbound", last_poll=AT, last_write_back=AT)
    page = parse(render(SyncSummary(users, write_back_failures=1), inbound, "earlier"))
    assert page.summary() == SyncSummary(users, write_back_failures=1)
    assert page.status().last_poll == AT


@pytest.mark.parametrize("label", ["Partially Synced", "Partial Synced", "Partial Synced Users", "partial sync"])
def test_every_documented_spelling_of_partially_synced_is_read(label):
    assert parse(f"Users\nImpacted: 5\n{label}: 1\n").users == {"impacted": 5, "partially_synced": 1}


@pytest.mark.parametrize("heading", ["User Sync Summary", "Users", "**User Sync Summary**", "- **Users**:"])
def test_every_documented_heading_is_read(heading):
    assert parse(f"{heading}\n- **Impacted: 2**\n- **Failed: 2**\n").users == {"impacted": 2, "failed": 2}


def test_counters_are_read_by_name_in_any_order():
    one = "Users\nPartially Synced: 0\nUnsynced: 5\nImpacted: 5\n"
    other = "Users\nImpacted: 5\nUnsynced: 5\nPartially Synced: 0\n"
    assert parse(one) == parse(other)


def test_a_rule_that_never_synced_says_never():
    assert "Last Sync: Never" in render(E6, SyncStatus("Inactive"))
    assert parse(render(E6, SyncStatus("Inactive"))).status().last_sync is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing to see here",
        "Users\nImpacted: many\n",
        "Users\nImpacted: -1\n",
        "Users\nImpacted: ٣\n",
        "Users\nImpacted: 1\nImpacted: 2\n",
    ],
)
def test_what_is_no_page_is_refused(text):
    with pytest.raises(BadPage):
        parse(text)


@pytest.mark.parametrize("text", ["Sync Status: Fine\nUsers\nImpacted: 1\n", "Users\nImpacted: 1\n"])
def test_a_state_that_is_none_of_the_three_is_refused(text):
    with pytest.raises(BadPage):
        parse(text).status()


def test_a_time_that_is_none_is_refused():
    with pytest.raises(BadPage, match="yesterday"):
        parse("Sync Status: Active\nLast Sync: yesterday\nUsers\nImpacted: 1\n").status()


def test_there_are_two_layouts():
    with pytest.raises(ValueError, match="2025 or earlier"):
        render(E6, STATUS, "1999")
