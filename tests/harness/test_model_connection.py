"""Connections are read from the vendor's option names; whatever does not fit is told in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from provcheck.harness.model import BadConnection, Connection
from provcheck.harness.model.options import declaration
from provcheck.harness.model.reading import json_schema
from provcheck.harness.vendors import read_connection, store

SCIM = {"type": "scim", "name": "Staff", "SCIM_URL": "https://target.example/scim/v2", "OAUTH_ACCESS_TOKEN": "s3cret"}


def test_a_scim_connection_is_read_from_the_vendors_options():
    connection = read_connection(
        {
            **SCIM,
            "SCIM_VERSION": "1.1",
            "USERS_RESOURCE": "/People",
            "USER_FILTER": 'emails.value Eq "%s"',
            "UNIQUE_USER_IDENTIFIER": "workEmail",
            "CREATE_USERS": False,
            "REMOVE_ACTION": "Delete",
            "GROUP_MEMBERSHIP_HANDLING": "Overwrite",
            "SCHEMA_EXTENSION_URNS": "urn:a, urn:b",
        }
    )
    assert connection == Connection(
        "scim",
        "Staff",
        "https://target.example/scim/v2",
        token="s3cret",
        scim_version="1.1",
        users_resource="/People",
        user_filter='emails.value Eq "%s"',
        unique_user_identifier="workEmail",
        create_users=False,
        remove_action="Delete",
        group_membership_handling="Overwrite",
        schema_extension_urns=("urn:a", "urn:b"),
    )


def test_options_may_stand_under_configuration():
    nested = {"type": "scim", "name": "Staff", "configuration": {k: v for k, v in SCIM.items() if k.isupper()}}
    assert read_connection(nested) == read_connection(SCIM)


def test_slack_has_an_address_of_its_own_and_its_own_word_for_work_email():
    connection = read_connection({"type": "Slack", "OAUTH_ACCESS_TOKEN": "x", "UNIQUE_USER_IDENTIFIER": "primaryEmail"})
    assert connection.kind == "slack"
    assert connection.base_url == "https://api.slack.com/scim/v2"
    assert connection.unique_user_identifier == "workEmail"


def test_github_is_known_by_the_vendors_spelling():
    url = "https://api.github.com/scim/v2/enterprises/acme"
    connection = read_connection({"type": "GitHubEMU", "BASE_URL": url, "OAUTH_ACCESS_TOKEN": "x"})
    assert (connection.kind, connection.base_url) == ("github_emu", url)


@pytest.mark.parametrize(
    ("old", "field"),
    [
        ("createNewUsers", "create_users"),
        ("UPDATE_NEW_USERS", "update_users"),
        ("disableNewUsers", "disable_users"),
        ("REMOVE_USERS_PROV_OPT", "deprovision_users"),
    ],
)
def test_a_deprecated_switch_is_another_name_of_the_current_one(old, field):
    assert getattr(read_connection({**SCIM, old: False}), field) is False


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {**SCIM, "CREATE_USER": True},
            "a scim connection has no 'CREATE_USER'; did you mean CREATE_USERS",
        ),
        ({**SCIM, "CREATE_USERS": "yes"}, "CREATE_USERS is true or false, not 'yes'"),
        ({**SCIM, "CREATE_USERS": 1}, "CREATE_USERS is true or false, not 1"),
        ({**SCIM, "MEMBERS_PER_REQUEST": True}, "MEMBERS_PER_REQUEST is a whole number"),
        ({**SCIM, "MEMBERS_PER_REQUEST": 0}, "at least 1"),
        ({**SCIM, "SCIM_URL": 5}, "SCIM_URL is a text, not 5"),
        ({**SCIM, "SCIM_VERSION": "3.0"}, "one of 2.0, 1.1, not '3.0'"),
        ({**SCIM, "USER_FILTER": "userName Eq"}, "%s exactly once"),
        ({**SCIM, "SCHEMA_EXTENSION_URNS": [1]}, "SCHEMA_EXTENSION_URNS[0] is a text, not 1"),
        ({**SCIM, "SCHEMA_EXTENSION_URNS": 5}, "SCHEMA_EXTENSION_URNS is a text or a list, not 5"),
        ({**SCIM, "SCIM_URL": ""}, "SCIM_URL is a text that is not empty"),
        ({**SCIM, "type": "Workday"}, "GoogleApps or GitHubEMU, not 'Workday'"),
        ({**SCIM, "type": 5}, "not 5"),
        ({**SCIM, "name": ""}, "name is a text"),
        ({**SCIM, "configuration": []}, "configuration is an object, not []"),
        ({**SCIM, "CREATE_USERS": True, "createNewUsers": False}, "given twice"),
        ({"type": "scim"}, "needs SCIM_URL"),
        ({"type": "Slack", "OAUTH_ACCESS_TOKEN": "x", "REMOVE_ACTION": "Delete"}, "one of Disable, not 'Delete'"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(options, said):
    with pytest.raises(BadConnection) as refusal:
        read_connection(options)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_secrets_do_not_show():
    connection = replace(read_connection(SCIM), basic_auth_password="hidden1", oauth_client_secret="hidden2")
    assert not any(secret in repr(connection) for secret in ("s3cret", "hidden1", "hidden2"))


def test_the_options_of_a_store_are_described_by_what_reads_them():
    schema = json_schema(declaration("scim", store("scim").options))
    assert schema["required"] == ["SCIM_URL"]
    assert schema["properties"]["SCIM_VERSION"] == {"enum": ["2.0", "1.1"], "type": "string"}
    assert schema["additionalProperties"] is False
