"""The declared stores and their target configurations, against the lists that the vendor prints."""

from __future__ import annotations

import pkgutil
import sys

import pytest
import requests

from provcheck.harness import vendors
from provcheck.harness.lint import read_exchange
from provcheck.harness.model import CAPABILITIES, Connection, UnknownCapability, VirtualClock, capabilities
from provcheck.harness.model.options import BadConnection

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
REMOVE_ACTIONS = {
    "SCIM": ("Disable", "Delete"),
    "Slack": ("Disable",),
    "GitHub EMU": ("Disable", "Delete"),
    "Google Workspace": ("Disable", "Delete"),
    "Salesforce": ("Disable", "Freeze"),
    "Salesforce Communities": ("Disable", "Freeze"),
    "Salesforce Leads and Contacts": ("Delete",),
    "Microsoft Azure (Office 365)": ("Disable", "Delete"),
    "Zoom": ("Disable", "Delete"),
    "ServiceNow": ("Disable",),
    "Aquera": ("Disable", "Delete"),
    "Workday": (),
    "LDAP Gateway": ("Delete",),
}
"""Section 5 of the contract: remove action."""
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

WITH_TARGETS = [each for each in vendors.stores() if each.configurations]


def test_the_table_of_stores_is_the_vendors_in_its_order():
    words = {True: "Yes", False: "No"}
    table = {each.title: (words[each.inbound], words[each.outbound]) for each in vendors.stores()}
    assert list(table.items()) == list(STATUS_TABLE.items())


def test_the_stores_with_groups_are_the_vendors_list():
    assert {each.title for each in vendors.stores() if each.groups} == WITH_GROUPS


def test_only_stores_with_groups_have_a_group_section():
    assert {each.title for each in vendors.stores() if "groups" in each.sections} == WITH_GROUPS


def test_the_remove_actions_are_those_of_the_contract():
    assert {each.title: each.remove_actions for each in vendors.stores()} == REMOVE_ACTIONS


def test_a_store_is_declared_in_the_folder_of_its_name():
    folders = {each.name for each in pkgutil.iter_modules(vendors.__path__)}
    assert {each.name for each in vendors.stores()} == folders
    assert len({each.row for each in vendors.stores()}) == len(STATUS_TABLE)


@pytest.mark.parametrize("spelling", ["github_emu", "GitHubEMU", "github", "GitHub EMU"])
def test_a_store_is_found_by_every_spelling_of_its_name(spelling):
    assert vendors.store(spelling).name == "github_emu"


def test_an_alias_of_a_store_chooses_its_target_configurations():
    assert [each.id for each in vendors.configurations("github")] == ["github_emu"]


def test_every_store_with_a_target_can_be_connected_to():
    connectable = {each.name for each in vendors.stores() if each.type}
    assert {each.name for each in WITH_TARGETS} == connectable
    for name in connectable:
        fields = {"kind": name, "name": name, "base_url": "https://target.example", "token": "t"}
        connector = vendors.connect(Connection(**fields), requests.Session(), VirtualClock())
        assert type(connector).__module__.startswith("provcheck.harness.")


def test_the_membership_kinds_are_the_vendors_table():
    kinds = {each.title: each.membership for each in vendors.stores() if each.groups}
    assert {name for name, kind in kinds.items() if kind == "group"} == {"GitHub EMU", "SCIM", "Slack"}
    assert {name for name, kind in kinds.items() if kind == "user"} == {"Google Workspace", "Salesforce"}


def test_merge_or_overwrite_is_offered_on_the_three_group_membership_stores():
    assert {each.title for each in vendors.stores() if each.chooses_handling} == {"GitHub EMU", "SCIM", "Slack"}


@pytest.mark.parametrize(
    "store", [each for each in vendors.stores() if each.configurations], ids=lambda each: each.name
)
def test_the_plain_target_configuration_of_a_store_agrees_with_its_row(store):
    configuration = store.configurations[0]
    assert (configuration.id, configuration.target) == (store.name, store.name)
    assert configuration.supports_groups == store.groups
    assert configuration.membership_style == (store.membership or "none")
    assert configuration.remove_actions == store.remove_actions
    assert ("merge_or_overwrite" in configuration.capabilities) == store.chooses_handling
    assert ("delete" in configuration.capabilities) == ("Delete" in store.remove_actions)


@pytest.mark.parametrize("configuration", vendors.configurations(), ids=lambda each: each.id)
def test_a_configuration_does_not_contradict_itself(configuration):
    assert configuration.capabilities <= set(CAPABILITIES)
    assert ("users_only" in configuration.capabilities) == (not configuration.supports_groups)
    assert (configuration.membership_style == "user") == ("user_memberships" in configuration.capabilities)
    assert configuration.source


def test_a_profile_sets_up_the_connection_to_its_target():
    connection = vendors.configuration("scim+user-memberships").connect("http://x/scim", "t", {"create_users": False})
    assert (connection.kind, connection.membership_style, connection.create_users) == ("scim", "user", False)


def test_a_target_name_finds_all_ways_of_setting_it_up():
    found = [each.id for each in vendors.configurations("scim")]
    assert found == ["scim", "scim+no-groups", "scim+user-memberships", "scim+1.1", "scim+oauth"]
    assert [each.id for each in vendors.configurations("*emu")] == ["github_emu"]


def test_unknown_names_are_told():
    with pytest.raises(vendors.UnknownConfiguration, match="github_emu"):
        vendors.configuration("workday")
    for nobody in ("zooom", ""):
        with pytest.raises(vendors.UnknownStore, match="Zoom"):
            vendors.store(nobody)
    with pytest.raises(UnknownCapability, match="levitate"):
        capabilities("levitate")


def test_what_a_profile_lacks_is_named():
    assert vendors.configuration("slack").lacks(capabilities("delete", "groups")) == {"delete"}


def test_a_plain_profile_can_be_chosen_alone():
    assert [each.id for each in vendors.configurations("scim+")] == ["scim"]
    assert len(vendors.configurations("scim")) > 1
    assert "scim" not in [each.id for each in vendors.configurations("scim+*")]


NEW_STORE = {
    "__init__.py": '"""A store of a test."""\nALIASES = ("acme_cloud",)\n',
    "store.py": """
from provcheck.harness.model.options import Option
from provcheck.harness.model.store import Store
STORE = Store(name="acme", title="Acme", row=14, type="AcmeCloud", options=(Option("ACME_URL", "base_url"),))
""",
    "connector.py": """
from provcheck.harness.client.connectors.scim20 import Scim20
class Acme(Scim20):
    headers = {"X-Acme": "1"}
def choose(connection):
    return Acme, connection
""",
    "lint.py": """
import re
from provcheck.harness.lint.dialect import Dialect, known
DIALECT = Dialect("acme", known("bulk"), places=re.compile("/acme/"))
""",
}


@pytest.fixture
def acme(tmp_path, monkeypatch):
    folder = tmp_path / "acme"
    folder.mkdir()
    for name, text in NEW_STORE.items():
        (folder / name).write_text(text, encoding="utf-8")
    caches = (vendors.spellings, vendors.stores, vendors.linter)
    for each in caches:
        each.cache_clear()
    monkeypatch.setattr(vendors, "__path__", [*vendors.__path__, str(tmp_path)])
    yield "acme"
    for each in caches:
        each.cache_clear()
    for name in [name for name in sys.modules if name.startswith(f"{vendors.__name__}.acme")]:
        del sys.modules[name]


@pytest.mark.parametrize("url", ["http://[::1", "http://127.0.0.1:99999/", "127.0.0.1/scim", "ftp://x/", "http://", ""])
def test_a_url_that_leads_nowhere_is_refused_with_its_option(url):
    with pytest.raises(BadConnection, match="SCIM_URL"):
        vendors.read_connection({"type": "scim", "SCIM_URL": url})


def test_a_store_is_added_by_adding_a_folder(acme):
    connection = vendors.read_connection({"type": "AcmeCloud", "ACME_URL": "https://acme.example"})
    connector = vendors.connect(connection, requests.Session(), VirtualClock())
    assert (connection.kind, connector.headers) == (acme, {"X-Acme": "1"})
    assert vendors.store("acme_cloud") is vendors.stores()[-1]
    asked = read_exchange({"seq": 1, "method": "GET", "path": "/acme/Users"})
    assert vendors.linter().dialect_of("", [asked]).name == acme
