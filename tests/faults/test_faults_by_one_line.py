"""Faults that depend on what a request says, and faults of what is stored: each is one line of `--fault`."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.faults.notation import parse
from tests.faults.speakers import RestSpeaker, ScimSpeaker, Speaker
from tests.scim.scim_rig import Scim, new_group, new_user, op


@pytest.fixture
def scim() -> Scim:
    made = Scim()
    made.session.hooks["response"].clear()  # the judge refuses answers that are wrong on purpose
    return made


def arm(scim: Scim, line: str) -> None:
    scim.target.faults.arm(parse(line))


class TestWhatARequestSays:
    def test_a_look_up_by_one_attribute_is_refused_while_another_works(self, scim):
        scim.create("ada", externalId="e1")
        arm(scim, "filter.unsupported_400 filters_by=externalId")
        assert scim.get("/Users", filter='externalId eq "e1"').json()["scimType"] == "invalidFilter"
        assert scim.names(filter='userName eq "ada"') == ["ada"]

    def test_a_search_in_a_body_is_a_look_up_as_well(self, scim):
        arm(scim, "filter.unsupported_400 filters_by=externalId")
        body = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": 'externalId eq "e1"'}
        assert scim.send("POST", "/Users/.search", body).status_code == 400

    def test_add_is_ignored_and_replace_is_honoured(self, scim):
        id = scim.create(title="x")["id"]
        arm(scim, "attr.silently_ignored patch_op=add")
        assert scim.patch(f"/Users/{id}", op("add", "title", "y")).json()["title"] == "x"
        assert scim.patch(f"/Users/{id}", op("replace", "title", "z")).json()["title"] == "z"

    def test_a_user_name_is_immutable_while_other_updates_pass(self, scim):
        id = scim.create("ada")["id"]
        arm(scim, "operation=user.update changes_attribute=userName status=400 times=null")
        assert scim.patch(f"/Users/{id}", op("replace", "userName", "eve")).status_code == 400
        assert scim.patch(f"/Users/{id}", op("replace", "userName", "ada")).status_code == 200
        assert scim.patch(f"/Users/{id}", op("replace", "title", "x")).status_code == 200

    def test_one_document_of_discovery_is_missing(self, scim):
        arm(scim, "operation=discovery url_path=*/ServiceProviderConfig status=404 times=null")
        assert scim.get("/ServiceProviderConfig").status_code == 404
        assert scim.get("/Schemas").status_code == 200

    def test_a_whole_list_of_members_is_refused_and_single_ones_pass(self, scim):
        ada, group = scim.create("ada")["id"], scim.create_group()["id"]
        arm(scim, "operation=group.* replaces_members=true status=400 times=null")
        members = [{"value": ada}]
        assert scim.patch(f"/Groups/{group}", op("replace", "members", members)).status_code == 400
        assert scim.send("PUT", f"/Groups/{group}", new_group("Sales", ada)).status_code == 400
        assert scim.patch(f"/Groups/{group}", op("add", "members", members)).status_code == 200

    @pytest.mark.parametrize(
        ("condition", "status"), [("has_attribute=title", 400), ("lacks_attribute=title", 201), ("patch_op=add", 201)]
    )
    def test_a_create_is_told_by_the_attributes_that_it_names(self, scim, condition, status):
        arm(scim, f"required.missing {condition}")
        assert scim.send("POST", "/Users", new_user(title="x")).status_code == status

    def test_a_path_a_query_parameter_and_a_header_can_be_asked_for(self, scim):
        id = scim.create()["id"]
        arm(scim, "operation=user.update patch_path=name.* status=400 times=null")
        arm(scim, "operation=user.list query.count=* status=400 times=null")
        arm(scim, "operation=user.get request_headers.X-Trial=null status=400 times=null")
        assert scim.patch(f"/Users/{id}", op("replace", "name.givenName", "A")).status_code == 400
        assert scim.patch(f"/Users/{id}", op("replace", "title", "A")).status_code == 200
        assert (scim.get("/Users", count=1).status_code, scim.get("/Users").status_code) == (400, 200)
        assert scim.get(f"/Users/{id}").status_code == 400
        assert scim.send("GET", f"/Users/{id}", headers={"X-Trial": "1"}).status_code == 200

    def test_the_same_row_is_there_twice(self, scim):
        scim.create("ada")
        arm(scim, "operation=user.list lists=doubles_row")
        assert scim.names() == ["ada", "ada"]
        assert scim.names() == ["ada"]


class TestWhatIsStored:
    def test_only_the_first_word_of_a_value_is_stored(self, scim):
        arm(scim, "operation=user.* moment=partial stores_rewritten.displayName=first_word times=null")
        made = scim.create("ada", displayName="Ada King")
        assert (made["displayName"], scim.user(made["id"])["displayName"]) == ("Ada", "Ada")

    def test_a_value_is_cut(self, scim):
        arm(scim, "operation=user.create moment=partial stores_cut.displayName=5")
        assert scim.create("ada", displayName="Ada King")["displayName"] == "Ada K"

    def test_an_attribute_that_the_request_did_not_name_is_dropped_or_overwritten(self, scim):
        id = scim.create("ada", title="Dr", nickName="n")["id"]
        arm(scim, "operation=user.update moment=partial stores.title=null stores.nickName=other")
        scim.patch(f"/Users/{id}", op("replace", "displayName", "Ada"))
        user = scim.user(id)
        assert ("title" in user, user["nickName"], user["displayName"]) == (False, "other", "Ada")
        assert (scim.journal[-2].applied, scim.journal[-2].moments) == ("partly", ["partial"])

    def test_a_change_of_another_attribute_empties_the_group(self, scim):
        ada = scim.create("ada")["id"]
        group = scim.create_group("Sales", ada)["id"]
        arm(scim, "operation=group.update moment=partial stores_members=[] changes_attribute=displayName times=null")
        scim.patch(f"/Groups/{group}", op("add", "members", [{"value": ada}]))
        assert scim.members(group) == [ada]
        scim.patch(f"/Groups/{group}", op("replace", "displayName", "Marketing"))
        assert scim.members(group) == []

    def test_a_group_is_left_with_other_members(self, scim):
        ada, bob = scim.create("ada")["id"], scim.create("bob")["id"]
        arm(scim, "operation=group.create moment=partial stores_members=bob,nobody")
        assert scim.members(scim.create_group("Sales", ada)["id"]) == [bob]

    def test_what_the_target_could_not_hold_is_not_stored_and_no_strike(self, scim):
        id = scim.create("ada")["id"]
        arm(scim, "operation=user.update moment=partial stores.userName=null")
        assert scim.patch(f"/Users/{id}", op("replace", "title", "x")).status_code == 200
        assert (scim.names(), [fault["struck"] for fault in scim.faults]) == (["ada"], [0])


@pytest.mark.parametrize("make", [ScimSpeaker, lambda: RestSpeaker("pages"), lambda: RestSpeaker("tokens")])
@pytest.mark.parametrize(
    ("line", "act"),
    [
        ("operation=user.list lists=doubles_row", lambda client: client.find("Bob")),
        ("operation=user.list lists=skips_row times=null", lambda client: list(client.pages(client.users))),
        ("operation=user.list lists=repeats_page times=null", lambda client: list(client.pages(client.users))),
        ("filter.unsupported_400 filters_by=userName", lambda client: client.find("Bob")),
        (
            "operation=user.update changes_attribute=userName status=400",
            lambda client: client.change("Ann", "userName", "Eve"),
        ),
        (
            "operation=user.update moment=partial stores_rewritten.displayName=first_word has_attribute=displayName",
            lambda client: client.change("Ann", "displayName", "New Name"),
        ),
        ("operation=group.* moment=partial stores_members=[]", lambda client: client.add_members("Bob")),
        ("operation=* replaces_members=true status=400", lambda client: client.replace_group()),
    ],
)
def test_the_same_line_means_the_same_on_every_api(make, line, act):
    client: Speaker = make()
    client.begin()
    usual = client.play(act)
    client.begin()
    client.handle.target.faults.arm(parse(line))
    act(client)
    client.handle.faults.assert_all_struck()
    assert client.trace != usual[: len(client.trace)] or client.handle.snapshot() not in usual


def test_an_update_that_changes_nothing_is_not_applied(scim):
    id = scim.create(title="x")["id"]
    assert scim.patch(f"/Users/{id}", op("replace", "title", "x")).status_code == 200
    assert scim.journal[-1].applied == "no"
    assert scim.patch(f"/Users/{id}", op("replace", "title", "y")).status_code == 200
    assert scim.journal[-1].applied == "yes"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("operation=user.crate status=500", "there is no operation 'user.crate'; did you mean user.create"),
        ("operation=member.ad status=500", "there is no operation 'member.ad'; did you mean member.add"),
        ("operation=role.create status=500", "there is no operation 'role.create'"),
        ("operation=user.create lists=empty", r"lists needs \*.list or search, not user.create"),
        ("operation=user.list rival=active", r"rival needs \*.create, not user.list"),
        ("operation=user.list vanishes=true", "vanishes needs"),
    ],
)
def test_what_no_api_can_show_is_refused_when_it_is_armed(scim, line, told):
    with pytest.raises(ValueError, match=told):
        arm(scim, line)
    assert list(scim.faults) == []


def test_a_fault_that_has_not_struck_is_told_by_the_fixture(scim):
    scim.faults.arm("user.create", status=503)
    with pytest.raises(AssertionError, match=r"scim: fault-1 \(user.create\) has not struck"):
        scim.faults.assert_all_struck()
    scim.send("POST", "/Users", new_user())
    scim.faults.assert_all_struck()
