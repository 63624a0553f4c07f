"""How each dialect spells a change, word for word, against a hand-written target."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from provcheck.harness.client.connectors.attribute_mapping import AttributeMapping, canonical, leading, with_leading
from provcheck.harness.client.connectors.interface import Account, Connector
from provcheck.harness.client.connectors.search import escaped, fill
from provcheck.harness.client.failures import Ambiguous, Refused
from provcheck.harness.model.clock import VirtualClock
from provcheck.harness.model.connection import Connection
from provcheck.harness.vendors import connect
from provcheck.harness.vendors.slack.connector import slack_name
from tests.client.provisioning_rig import HASTY, Script

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
WANTED = {"userName": "ada", "externalId": "x", "givenName": "Ada", "email": "ada@example.com", "active": True}


def made(kind: str, *entries: Any, url: str = "https://t.example", **fields: Any) -> tuple[Connector, Script]:
    script = Script(entries)
    connection = Connection(kind, "c", url, token="t", **fields)
    return connect(connection, script.session(), VirtualClock(), HASTY), script


def listing(*resources: dict[str, Any], total: int | None = None) -> tuple[int, bytes]:
    return 200, orjson.dumps({"totalResults": len(resources) if total is None else total, "Resources": list(resources)})


def sent(script: Script, at: int = -1) -> Any:
    return orjson.loads(script.asked[at].body)


# filters and what comes back


@pytest.mark.parametrize(
    "value, inside", [("ada", "ada"), ('a"b', 'a\\"b'), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb"), ("Łódź", "Łódź")]
)
def test_a_filter_value_is_escaped(value: str, inside: str) -> None:
    assert escaped(value) == inside
    assert fill('userName Eq "%s"', value) == f'userName Eq "{inside}"'
    assert fill("userName eq %s", value) == f'userName eq "{inside}"'


def test_a_quote_in_a_user_name_cannot_widen_the_filter() -> None:
    connector, script = made("scim", listing())
    connector.find_account({"userName": 'x" or userName pr or userName eq "'})
    assert script.lines[0].count("%22") == 4
    assert "%5C%22" in script.lines[0]


def test_a_filter_that_is_ignored_links_nobody_by_chance() -> None:
    everyone = [{"id": str(number), "userName": f"u{number}"} for number in range(3)]
    connector, _ = made("scim", listing(*everyone), listing(*everyone), listing())
    assert connector.find_account({"userName": "ada"}) is None


def test_a_filter_that_is_ignored_still_finds_the_account_on_a_later_page() -> None:
    pages = [{"id": str(number), "userName": f"u{number}"} for number in range(4)]
    connector, script = made(
        "scim", listing(*pages[:2]), listing(*pages[:2]), listing(*pages[1:3]), listing(pages[3]), listing()
    )
    found = connector.find_account({"userName": "u3"})
    assert found is not None
    assert found.remote_id == "3"
    assert "startIndex" in script.lines[-1]


@pytest.mark.parametrize(
    "status, body",
    [(400, '{"scimType": "invalidFilter"}'), (400, '{"detail": "Filter not supported"}'), (501, "{}")],
)
def test_where_a_filter_is_refused_the_accounts_are_listed_once(status: int, body: str) -> None:
    page = listing({"id": "1", "userName": "Ada"}, {"id": "2", "userName": "bob"})
    connector, script = made("scim", (status, body), page, listing(), (status, body))
    found = connector.find_account({"userName": "ada"})
    assert found is not None
    assert found.remote_id == "1"
    assert connector.find_account({"userName": "carl"}) is None
    assert sum("filter" not in line for line in script.lines) == 2


def test_a_look_up_refused_for_another_reason_is_an_error() -> None:
    connector, script = made("scim", (400, '{"detail": "bad tenant"}'))
    with pytest.raises(Refused, match="bad tenant"):
        connector.find_account({"userName": "ada"})
    assert len(script.asked) == 1


def test_a_list_that_repeats_itself_for_ever_ends() -> None:
    same = [{"id": "1", "userName": "u1"}]
    connector, script = made("scim", *[listing(*same, total=1000)] * 50)
    assert connector.find_account({"userName": "ada"}) is None
    assert len(script.asked) < 6


def test_the_same_account_twice_in_a_list_is_one_account() -> None:
    ada = {"id": "1", "userName": "Ada"}
    connector, _ = made("scim", listing(ada, ada))
    found = connector.find_account({"userName": "ada"})
    assert found is not None
    assert found.remote_id == "1"


def test_two_true_matches_are_ambiguous() -> None:
    connector, _ = made("scim", listing({"id": "1", "userName": "ada"}, {"id": "2", "userName": "ADA"}))
    with pytest.raises(Ambiguous, match="1, 2"):
        connector.find_account({"userName": "ada"})


def test_a_user_without_the_identifier_is_not_looked_for() -> None:
    connector, script = made("scim", unique_user_identifier="workEmail")
    with pytest.raises(Refused, match="no email"):
        connector.find_account({"userName": "ada"})
    assert script.asked == []


def test_of_groups_the_exact_name_wins_over_one_that_differs_in_case() -> None:
    near, exact = {"id": "1", "displayName": "staff", "members": []}, {"id": "2", "displayName": "Staff", "members": []}
    connector, _ = made("scim", listing(near, exact))
    found = connector.find_group("Staff")
    assert found is not None
    assert found.remote_id == "2"


def test_members_that_a_list_leaves_out_are_read_from_the_group_itself() -> None:
    whole = orjson.dumps({"id": "2", "displayName": "Staff", "members": [{"value": "u"}]})
    connector, _ = made("scim", listing({"id": "2", "displayName": "Staff"}), (200, whole))
    found = connector.find_group("Staff")
    assert found is not None
    assert found.members == {"u"}


def test_ids_are_quoted_in_paths() -> None:
    connector, script = made("scim", (404, "{}"))
    connector.read_account("a/b?c")
    assert script.lines == ["GET /Users/a%2Fb%3Fc"]


# SCIM 2.0


def test_scim_2_patches_one_operation_for_each_attribute() -> None:
    connector, script = made("scim", (204, ""))
    connector.update_account("1", {"givenName": "A", "displayName": None, "active": False, "department": "R"})
    assert sent(script) == {
        "schemas": [PATCH],
        "Operations": [
            {"op": "replace", "path": "name.givenName", "value": "A"},
            {"op": "remove", "path": "displayName"},
            {"op": "replace", "path": "active", "value": False},
            {
                "op": "replace",
                "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
                "value": "R",
            },
        ],
    }


ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
NUMBER = {"value": "+44 1", "type": "work"}


def test_scim_2_replaces_phone_numbers_and_manager_as_a_whole() -> None:
    connector, script = made("scim", (204, ""), (204, ""))
    connector.update_account("1", {"phoneNumbers": [NUMBER], "manager": "7"})
    assert sent(script)["Operations"] == [
        {"op": "replace", "path": "phoneNumbers", "value": [NUMBER]},
        {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": {"value": "7"}},
    ]
    connector.update_account("1", {"phoneNumbers": None, "manager": None})
    assert sent(script)["Operations"] == [
        {"op": "remove", "path": "phoneNumbers"},
        {"op": "remove", "path": f"{ENTERPRISE}:manager"},
    ]


def test_scim_2_changes_the_leading_address_alone() -> None:
    held = [{"type": "home", "locality": "Bath"}, {"type": "work", "locality": "London", "region": "x"}]
    connector, script = made("scim", (200, orjson.dumps({"id": "1", "addresses": held})), (204, ""))
    connector.update_account("1", {"address": {"locality": "Paris"}})
    value = [held[0], {"type": "work", "locality": "Paris"}]
    assert sent(script)["Operations"] == [{"op": "replace", "path": "addresses", "value": value}]


def test_scim_1_calls_the_id_of_a_manager_otherwise() -> None:
    connector, script = made("scim", (201, '{"id": 7}'), scim_version="1.1")
    connector.create_account({**WANTED, "manager": "7"})
    assert sent(script)["urn:scim:schemas:extension:enterprise:1.0"] == {"manager": {"managerId": "7"}}


def test_slack_v1_names_the_phone_numbers_that_are_to_go() -> None:
    held = [{"value": "+44 9", "type": "mobile"}, {"value": None, "primary": True}]
    body = orjson.dumps({"id": "U1", "phoneNumbers": held})
    connector, script = made("slack", (200, body), (200, "{}"), url="https://api.slack.com/scim/v1")
    connector.update_account("U1", {"phoneNumbers": [NUMBER]})
    assert sent(script)["phoneNumbers"] == [NUMBER, {"value": "+44 9", "operation": "delete"}]


def test_slack_v1_clears_what_is_no_text_by_its_name() -> None:
    connector, script = made("slack", (200, "{}"), url="https://api.slack.com/scim/v1")
    connector.update_account("U1", {"phoneNumbers": None, "address": None})
    assert sent(script)["meta"] == {"attributes": ["phoneNumbers", "addresses"]}


def test_scim_2_takes_members_out_one_value_path_each() -> None:
    connector, script = made("scim", (204, ""))
    connector.remove_members("g", ["1", "2"])
    assert [each["path"] for each in sent(script)["Operations"]] == ['members[value eq "1"]', 'members[value eq "2"]']


def test_scim_2_announces_the_extension_it_writes() -> None:
    document = AttributeMapping().build({**WANTED, "department": "R", "title": "T"})
    assert "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" in document["schemas"]
    assert document["title"] == "T"
    assert document["emails"] == [{"value": "ada@example.com", "type": "work", "primary": True}]


def test_put_keeps_what_is_not_ours_and_leaves_out_what_is_read_only() -> None:
    held = {"id": "1", "meta": {}, "groups": [], "userName": "ada", "nickName": "kept", "name": {"middleName": "kept"}}
    config = orjson.dumps({"patch": {"supported": False}})
    connector, script = made("scim", (200, config), (200, orjson.dumps(held)), (200, "{}"))
    connector.probe()
    connector.update_account("1", {"givenName": "A"})
    assert script.lines[-1] == "PUT /Users/1"
    assert sent(script) == {"userName": "ada", "nickName": "kept", "name": {"middleName": "kept", "givenName": "A"}}


def test_a_patch_refused_for_its_values_is_not_sent_again_as_put() -> None:
    connector, script = made("scim", (400, '{"scimType": "invalidValue", "detail": "no"}'))
    with pytest.raises(Refused):
        connector.update_account("1", {"givenName": "A"})
    assert len(script.asked) == 1


# SCIM 1.1


def test_scim_1_changes_users_by_put_with_what_was_there() -> None:
    held = orjson.dumps({"id": "1", "userName": "ada", "schemas": ["urn:scim:schemas:core:1.0"], "title": "kept"})
    connector, script = made("scim", (200, held), (200, "{}"), scim_version="1.1")
    connector.update_account("1", {"givenName": "A", "active": False})
    assert script.lines == ["GET /Users/1", "PUT /Users/1"]
    assert sent(script)["title"] == "kept"
    assert sent(script)["active"] is False
    assert script.asked[-1].headers["Content-Type"] == "application/json"


def test_scim_1_patches_members_in_the_merging_form() -> None:
    connector, script = made("scim", (204, ""), (204, ""), scim_version="1.1")
    connector.add_members("g", ["1"])
    assert sent(script) == {"schemas": ["urn:scim:schemas:core:1.0"], "members": [{"value": "1"}]}
    connector.remove_members("g", ["1"])
    assert sent(script)["members"] == [{"value": "1", "operation": "delete"}]


def test_scim_1_renames_by_patch_and_creates_with_the_core_schema() -> None:
    connector, script = made("scim", (204, ""), (201, '{"id": 7}'), (201, '{"id": "g"}'), scim_version="1.1")
    connector.rename_group("g", "New")
    assert sent(script) == {"schemas": ["urn:scim:schemas:core:1.0"], "displayName": "New"}
    account = connector.create_account(WANTED)
    assert account is not None
    assert account.remote_id == "7"
    assert sent(script)["schemas"] == ["urn:scim:schemas:core:1.0"]
    connector.create_group("G", "")
    assert sent(script) == {"schemas": ["urn:scim:schemas:core:1.0"], "displayName": "G"}


# Slack


@pytest.mark.parametrize(
    "url, version, path",
    [
        ("https://api.slack.com/scim/v2", "2.0", "/scim/v2/Users/U1"),
        ("https://api.slack.com/scim/v1/", "2.0", "/scim/v1/Users/U1"),
        ("https://api.slack.com/scim", "1.1", "/scim/v1/Users/U1"),
        ("https://api.slack.com/scim", "2.0", "/scim/v2/Users/U1"),
    ],
)
def test_slack_speaks_the_version_its_address_names(url: str, version: str, path: str) -> None:
    connector, script = made("slack", (200, "{}"), url=url, scim_version=version)
    connector.update_account("U1", {"givenName": "A"})
    assert script.lines == [f"PATCH {path}"]
    assert ("Operations" in sent(script)) is ("/v2/" in path)


def test_slack_v1_clears_with_a_blank() -> None:
    connector, script = made("slack", (200, "{}"), url="https://api.slack.com/scim/v1")
    connector.update_account("U1", {"displayName": None})
    assert sent(script) == {"schemas": ["urn:scim:schemas:core:1.0"], "displayName": " "}


@pytest.mark.parametrize(
    "given, kept",
    [
        ("Ada", "ada"),
        ("Ada.Lovelace@example.com", "ada.lovelace"),
        ("a!b c", "a_b_c"),
        ("x" * 30, "x" * 21),
        ("a-b_c.d", "a-b_c.d"),
    ],
)
def test_slack_names_are_known_in_the_form_slack_keeps(given: str, kept: str) -> None:
    assert slack_name(given) == kept


def test_slack_is_asked_by_mail_in_the_words_of_the_version() -> None:
    for url, word in (("https://s/scim/v1", "email"), ("https://s/scim/v2", "emails.value")):
        connector, script = made("slack", listing(), url=url, unique_user_identifier="workEmail")
        connector.find_account(WANTED)
        assert f"filter={word}%20eq%20%22ada%40example.com%22" in script.lines[0]


def test_slack_is_never_told_a_difference_in_what_it_does_not_keep() -> None:
    connector, _ = made("slack", url="https://s/scim/v2")
    shown = {"id": "U1", "userName": "ada", "externalId": "", "name": {"givenName": "Ada"}, "active": True}
    account = Account("U1", {**shown, "emails": [{"value": "ada@example.com", "primary": True}]})
    assert connector.differences(WANTED, account) == {}


# GitHub


def test_github_gets_what_it_requires() -> None:
    connector, script = made("github_emu", (201, '{"id": "1"}'))
    connector.create_account({"userName": "ada", "email": "ada@example.com", "givenName": "Ada", "active": True})
    body = sent(script)
    assert body["externalId"] == "ada"
    assert body["displayName"] == "Ada"
    assert body["roles"] == [{"value": "user"}]
    assert body["name"] == {"givenName": "Ada", "familyName": ""}
    assert script.asked[0].headers["X-GitHub-Api-Version"] == "2022-11-28"


def test_github_is_asked_by_a_single_eq() -> None:
    connector, script = made("github_emu", listing())
    connector.find_account(WANTED)
    assert script.lines == ["GET /Users?filter=userName%20eq%20%22ada%22"]


# lists with a leading value


def test_the_leading_value_is_the_primary_one_then_the_one_for_work_then_the_first() -> None:
    home, work, main = {"value": "h"}, {"value": "w", "type": "work"}, {"value": "p", "primary": True}
    assert leading([home, work, main]) == "p"
    assert leading([home, work]) == "w"
    assert leading([home]) == "h"
    assert leading(["bare"]) == "bare"
    assert leading([]) is None
    assert leading("nonsense") is None


def test_changing_the_leading_value_leaves_the_others_alone() -> None:
    home, main = {"value": "h", "type": "home"}, {"value": "p", "primary": True, "display": "d"}
    assert with_leading([home, main], "q") == [home, {"value": "q", "primary": True, "display": "d"}]
    assert with_leading([home, main], None) == [home]
    assert with_leading(None, "q") == [{"value": "q", "type": "work", "primary": True}]


@pytest.mark.parametrize(
    "word, value, form",
    [
        ("active", "False", False),
        ("active", "true", True),
        ("active", 1, True),
        ("userName", "Ada", "ada"),
        ("givenName", "Ada", "Ada"),
        ("givenName", "", None),
        ("givenName", None, None),
    ],
)
def test_values_are_compared_in_one_form(word: str, value: Any, form: Any) -> None:
    assert canonical(word, value) == form
