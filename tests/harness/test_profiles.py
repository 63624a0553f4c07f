"""Profiles and the table of stores, against the lists that the vendor prints."""

from __future__ import annotations

import pytest

from provcheck.harness import vendors as profiles
from provcheck.harness.model import CAPABILITIES, UnknownCapability, capabilities

STATUS_TABLE = {
    "SCIM": ("No", "Yes"),
    "Salesforce": ("No", "Yes"),
    "Salesforce Communities": ("No", "Yes"),
    "Salesforce Leads and Contacts": ("No", "Yes"),
    "Aquera": ("No", "Yes"),
    "Workday": ("Yes", "Yes"),
    "Microsoft Azure (Office 365)": ("No", "Yes"),
    "Zoom": ("No", "Yes"),
    "Slack": ("No", "Yes"),
    "ServiceNow": ("No", "Yes"),
    "Google Workspace": ("No", "Yes"),
    "GitHub EMU": ("No", "Yes"),
    "LDAP Gateway": ("Yes", "Yes"),
}
"""Sync status, table of identity stores: inbound, outbound."""
WITH_GROUPS = {
    "GitHub EMU",
    "Google Workspace",
    "Microsoft Azure (Office 365)",
    "Salesforce Communities",
    "Salesforce",
    "SCIM",
    "Slack",
}
"""Configuring outbound group provisioning, list of provisioners that support group provisioning."""


def test_the_table_of_stores_is_the_vendors_in_its_order():
    words = {True: "Yes", False: "No"}
    table = {each.name: (words[each.inbound], words[each.outbound]) for each in profiles.STORES}
    assert list(table.items()) == list(STATUS_TABLE.items())


def test_the_stores_with_groups_are_the_vendors_list():
    assert {each.name for each in profiles.STORES if each.groups} == WITH_GROUPS


def test_only_stores_with_groups_have_a_group_section():
    assert {each.name for each in profiles.STORES if "groups" in each.sections} == WITH_GROUPS


def test_the_membership_kinds_are_the_vendors_table():
    kinds = {each.name: each.membership for each in profiles.STORES if each.groups}
    assert {name for name, kind in kinds.items() if kind == "group"} == {"GitHub EMU", "SCIM", "Slack"}
    assert {name for name, kind in kinds.items() if kind == "user"} == {"Google Workspace", "Salesforce"}


def test_merge_or_overwrite_is_offered_on_the_three_group_membership_stores():
    assert {each.name for each in profiles.STORES if each.chooses_handling} == {"GitHub EMU", "SCIM", "Slack"}


@pytest.mark.parametrize(("target", "name"), [("scim", "SCIM"), ("slack", "Slack"), ("github_emu", "GitHub EMU")])
def test_a_profile_agrees_with_the_store_it_is_for(target, name):
    profile, store = profiles.get(target), profiles.store(name)
    assert profile.supports_groups == store.groups
    assert profile.membership_style == store.membership
    assert profile.remove_actions == store.remove_actions
    assert ("merge_or_overwrite" in profile.capabilities) == store.chooses_handling
    assert ("delete" in profile.capabilities) == ("Delete" in store.remove_actions)


@pytest.mark.parametrize("profile", profiles.all(), ids=lambda each: each.id)
def test_a_profile_does_not_contradict_itself(profile):
    assert profile.capabilities <= set(CAPABILITIES)
    assert ("users_only" in profile.capabilities) == (not profile.supports_groups)
    assert (profile.membership_style == "user") == ("user_memberships" in profile.capabilities)
    assert profile.source


def test_a_profile_sets_up_the_connection_to_its_target():
    connection = profiles.get("scim+user-memberships").connect("http://x/scim", "t", {"create_users": False})
    assert (connection.kind, connection.membership_style, connection.create_users) == ("scim", "user", False)


def test_a_target_name_finds_all_ways_of_setting_it_up():
    found = [each.id for each in profiles.named("scim")]
    assert found == ["scim", "scim+no-groups", "scim+user-memberships", "scim+1.1"]
    assert [each.id for each in profiles.named("*emu")] == ["github_emu"]


def test_unknown_names_are_told():
    with pytest.raises(profiles.UnknownProfile, match="github_emu"):
        profiles.get("zoom")
    with pytest.raises(profiles.UnknownStore, match="Zoom"):
        profiles.store("zoom")
    with pytest.raises(UnknownCapability, match="levitate"):
        capabilities("levitate")


def test_what_a_profile_lacks_is_named():
    assert profiles.get("slack").lacks(capabilities("delete", "groups")) == {"delete"}


def test_a_plain_profile_can_be_chosen_alone():
    assert [each.id for each in profiles.named("scim+")] == ["scim"]
    assert len(profiles.named("scim")) > 1
    assert "scim" not in [each.id for each in profiles.named("scim+*")]
