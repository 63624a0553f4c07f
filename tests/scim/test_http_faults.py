"""What each kind of fault does to a SCIM target: what is answered, what is stored, and what the journal tells."""

from __future__ import annotations

import pytest
import requests

from tests.scim.scim_rig import Scim, new_group, new_user, op


@pytest.fixture
def scim() -> Scim:
    made = Scim()
    made.session.hooks["response"].clear()  # the hook that validates answers would reject the faulty ones
    return made


def names(scim: Scim) -> list[str]:
    return [user["userName"] for user in scim.snapshot()["users"]]


def told(scim: Scim) -> tuple[list[str], list[str], str]:
    exchange = scim.journal[-1].as_dict()
    return exchange["faults"], exchange["moments"], exchange["applied"]


def post(scim: Scim, name: str = "ada", /, **more) -> requests.Response:
    return scim.send("POST", "/Users", new_user(name, **more))


class TestBefore:
    def test_a_rival_makes_the_conflict_a_true_one(self, scim):
        scim.faults.arm_named("create.conflict_exists", "ada")
        answer = post(scim, title="Dr")
        assert (answer.status_code, answer.json()["scimType"]) == (409, "uniqueness")
        assert told(scim) == (["create.conflict_exists"], ["before"], "no")
        (found,) = scim.get("/Users", filter='userName eq "ada"').json()["Resources"]
        assert "title" not in found

    def test_a_rival_can_be_turned_off_and_hidden(self, scim):
        scim.faults.arm_named("create.soft_deleted_conflict", hides_by_filter=60)
        assert post(scim).status_code == 409
        assert scim.names() == []
        scim.clock.sleep(60)
        assert scim.get("/Users").json()["Resources"][0]["active"] is False

    def test_a_rival_may_come_with_a_refusal_of_another_kind(self, scim):
        scim.faults.arm_named("create.409_untyped", status=400)
        answer = post(scim)
        assert (answer.status_code, "scimType" in answer.json(), names(scim)) == (400, False, ["ada"])

    def test_what_vanishes_is_truly_gone(self, scim):
        id = scim.create()["id"]
        scim.faults.arm_named("update.stale_remote_id")
        assert scim.patch(f"/Users/{id}", op("add", "title", "x")).status_code == 404
        assert (names(scim), told(scim)[2]) == ([], "no")

    def test_a_cap_counts_the_members_of_one_request(self, scim):
        ids = [scim.create(name)["id"] for name in ("a", "b", "c")]
        scim.faults.arm_named("group.member_cap", above=2)
        assert scim.send("POST", "/Groups", new_group("Red", *ids)).status_code == 400
        assert scim.send("POST", "/Groups", new_group("Red", *ids[:2])).status_code == 201

    @pytest.mark.parametrize(
        ("condition", "struck", "spared"),
        [
            ("patch_without_path", op("add", None, {"title": "x"}), op("add", "title", "x")),
            (
                "patch_with_urn_path",
                op("add", "urn:ietf:params:scim:schemas:core:2.0:User:title", "x"),
                op("add", "title", "x"),
            ),
            ("patch_with_capitals", op("Add", "title", "x"), op("add", "title", "x")),
            ("patch_with_id", op("replace", None, {"id": "7"}), op("add", "title", "x")),
            ("clears", op("remove", "title"), op("add", "title", "x")),
            ("clears", op("replace", "title", ""), op("add", "title", "x")),
        ],
    )
    def test_a_fault_can_be_meant_for_one_way_to_spell_a_patch(self, scim, condition, struck, spared):
        id = scim.create()["id"]
        scim.faults.arm_named("patch.dialect_rejected", only_if=condition, status=418)
        assert scim.patch(f"/Users/{id}", spared).status_code == 200
        assert scim.patch(f"/Users/{id}", struck).status_code == 418

    @pytest.mark.parametrize(
        ("condition", "struck", "spared"),
        [
            ("filter", 'userName eq "a"', None),
            ("filter_beyond_eq", 'userName sw "a"', 'userName eq "a and b" and active eq true'),
            ("filter_not_latin", 'userName eq "\u0106"', 'userName eq "C"'),
        ],
    )
    def test_a_fault_can_be_meant_for_some_filters(self, scim, condition, struck, spared):
        scim.faults.arm_named("filter.unsupported_400", only_if=condition)
        assert scim.get("/Users", **({"filter": spared} if spared else {})).status_code == 200
        assert scim.get("/Users", filter=struck).json()["scimType"] == "invalidFilter"

    def test_a_method_that_is_not_offered_leaves_the_others_alone(self, scim):
        id = scim.create()["id"]
        scim.faults.arm_named("patch.unsupported")
        assert scim.patch(f"/Users/{id}", op("add", "title", "x")).status_code == 501
        assert scim.send("PUT", f"/Users/{id}", new_user("ada")).status_code == 200


class TestLists:
    @pytest.fixture(autouse=True)
    def _five(self, scim):
        for name in "abcde":
            scim.create(name)

    def pages(self, scim: Scim) -> list[list[str]]:
        return [scim.names(startIndex=start, count=2) for start in (1, 3, 5)]

    @pytest.mark.parametrize(
        ("how", "pages"),
        [
            ("repeats_row", [["a", "b"], ["b", "c"], ["d", "e"]]),
            ("repeats_page", [["a", "b"], ["a", "b"], ["a", "b"]]),
            ("skips_row", [["a", "b"], ["d", "e"], []]),
        ],
    )
    def test_pages_go_wrong(self, scim, how, pages):
        scim.faults.arm_named("paging.repeat_or_skip", lists=how)
        assert self.pages(scim) == pages
        assert scim.get("/Users", startIndex=3, count=2).json()["startIndex"] == 3

    def test_a_total_counts_the_page(self, scim):
        scim.faults.arm_named("paging.total_wrong")
        assert scim.get("/Users", count=2).json()["totalResults"] == 2

    def test_a_filter_is_ignored(self, scim):
        scim.faults.arm_named("filter.ignored")
        assert scim.names(filter='userName eq "a"') == list("abcde")

    def test_a_list_fault_can_be_meant_for_one_look_up(self, scim):
        scim.faults.arm_named("filter.ignored", "b")
        assert scim.names(filter='userName eq "a"') == ["a"]
        assert scim.names(filter='userName eq "b"') == list("abcde")

    def test_a_list_is_empty(self, scim):
        scim.faults.arm_named("source.empty_list")
        assert scim.get("/Users").json()["totalResults"] == 0


class TestAfter:
    def test_what_was_made_is_hidden_by_its_id_for_a_while(self, scim):
        scim.faults.arm_named("read.stale_by_id")
        id = post(scim).json()["id"]
        assert scim.get(f"/Users/{id}").status_code == 404
        assert scim.names() == ["ada"]
        scim.clock.sleep(5)
        assert scim.get(f"/Users/{id}").status_code == 200

    def test_what_was_made_is_hidden_from_filters_for_a_while(self, scim):
        scim.faults.arm_named("read.stale_filter")
        id = post(scim).json()["id"]
        assert (scim.names(filter='userName eq "ada"'), scim.get("/Users").json()["totalResults"]) == ([], 0)
        assert scim.get(f"/Users/{id}").status_code == 200
        scim.clock.sleep(5)
        assert scim.names(filter='userName eq "ada"') == ["ada"]

    def test_a_reset_is_a_connection_error_and_the_change_stays(self, scim):
        scim.faults.arm_named("conn.reset")
        with pytest.raises(requests.ConnectionError, match="reset by peer"):
            post(scim)
        assert (names(scim), told(scim)) == (["ada"], (["conn.reset"], ["after"], "yes"))
        assert scim.journal[-1].answer == "reset"

    def test_silence_beyond_the_callers_timeout_is_a_timeout(self, scim):
        scim.faults.arm_named("http.hang")
        with pytest.raises(requests.ReadTimeout):
            scim.send("POST", "/Users", new_user(), timeout=60)
        assert names(scim) == ["ada"]

    def test_an_empty_204_in_place_of_the_resource(self, scim):
        id = scim.create()["id"]
        scim.faults.arm_named("patch.204_or_200")
        answer = scim.patch(f"/Users/{id}", op("add", "title", "x"))
        assert (answer.status_code, answer.content, scim.user(id)["title"]) == (204, b"", "x")

    @pytest.mark.parametrize(
        ("fault", "gone"), [("body.missing_id", {"id"}), ("response.no_echo", {"userName", "title"})]
    )
    def test_parts_of_the_answer_are_missing(self, scim, fault, gone):
        scim.faults.arm_named(fault)
        answer = post(scim, title="x").json()
        assert not gone & answer.keys()
        assert answer.keys() & {"id", "userName"}

    def test_the_location_leads_elsewhere(self, scim):
        scim.faults.arm_named("header.location_wrong")
        assert post(scim).headers["Location"] == "http://elsewhere.invalid/Users/0"

    def test_a_header_can_be_taken_away(self, scim):
        scim.faults.arm("user.create", moment="after", headers={"Location": None, "Content-Type": None})
        assert not {"location", "content-type"} & {name.lower() for name in post(scim).headers}


class TestOnTheWire:
    def test_names_come_back_in_another_case_and_stay_as_they_are(self, scim):
        scim.faults.arm_named("name.case_changed")
        id = post(scim, "Ada").json()["id"]
        assert scim.user(id)["userName"] == "ada"
        assert scim.names() == ["ada"]
        assert names(scim) == ["Ada"]

    def test_values_of_a_list_are_rewritten(self, scim):
        scim.faults.arm_named("attr.normalised")
        answer = post(scim, displayName="Ada", phoneNumbers=[{"value": "+1 (23) 4-5", "type": "work"}]).json()
        assert (answer["displayName"], answer["phoneNumbers"][0]["value"]) == ("ADA", "+12345")

    def test_members_are_never_shown(self, scim):
        group = scim.create_group("Red", scim.create()["id"])
        scim.faults.arm_named("group.members_unreadable")
        assert "members" not in scim.get(f"/Groups/{group['id']}").json()
        assert "members" not in scim.get("/Groups").json()["Resources"][0]

    def test_values_are_put_into_the_list_or_into_each_of_its_rows(self, scim):
        scim.create()
        scim.faults.arm("user.list", moment="wire", sets={"totalResults": 99, "name.givenName": "X"})
        answer = scim.get("/Users").json()
        assert (answer["totalResults"], answer["Resources"][0]["name"]) == (99, {"givenName": "X"})

    def test_a_refusal_is_changed_as_well(self, scim):
        scim.faults.arm_named("header.content_type")
        answer = scim.get("/Users/none")
        assert (answer.status_code, answer.headers["Content-Type"]) == (404, "text/plain")

    def test_a_body_that_comes_slowly_comes_whole_unless_the_callers_timeout_is_short(self, scim):
        scim.faults.arm_named("conn.dribble", times=2)
        before = scim.clock.monotonic()
        assert scim.send("GET", "/Users", timeout=1).status_code == 200
        assert scim.clock.monotonic() - before == pytest.approx(10)
        with pytest.raises(requests.ReadTimeout):
            scim.send("GET", "/Users", timeout=0.1)

    def test_a_limit_may_name_a_date(self, scim):
        scim.faults.arm_named("rate.retry_after_date")
        assert scim.get("/Users").headers["Retry-After"] == "Thu, 01 Jan 2026 00:00:03 GMT"


class TestPartly:
    def test_the_first_members_are_taken(self, scim):
        ids = [scim.create(name)["id"] for name in ("a", "b", "c")]
        group = scim.create_group()["id"]
        scim.faults.arm_named("group.members_dropped", keeps=2)
        answer = scim.patch(f"/Groups/{group}", op("add", "members", [{"value": id} for id in ids]))
        assert (answer.status_code, scim.members(group)) == (200, ids[:2])
        assert told(scim) == (["group.members_dropped"], ["partial"], "partly")
        assert [intent.applied for intent in scim.journal[-1].intents] == [True, True, True, False]

    def test_one_member_is_never_taken(self, scim):
        ids = [scim.create(name)["id"] for name in ("a", "b", "c")]
        scim.faults.arm_named("group.members_dropped", "Sales/b", times=None)
        assert scim.members(scim.create_group("Sales", *ids)["id"]) == [ids[0], ids[2]]

    def test_a_removal_is_not_made(self, scim):
        ada = scim.create()["id"]
        group = scim.create_group("Sales", ada)["id"]
        scim.faults.arm("member.remove", moment="partial", keeps=0)
        assert scim.patch(f"/Groups/{group}", op("remove", "members")).status_code == 200
        assert scim.members(group) == [ada]

    def test_an_update_changes_nothing(self, scim):
        id = scim.create(title="x")["id"]
        scim.faults.arm_named("attr.silently_ignored")
        answer = scim.patch(f"/Users/{id}", op("replace", "title", "y"))
        assert (answer.status_code, answer.json()["title"]) == (200, "x")
        assert told(scim)[2] == "no"

    def test_named_attributes_are_left_out(self, scim):
        scim.faults.arm("user.*", moment="partial", drops=["title"], times=None)
        made = scim.create(title="x", nickName="n")
        assert ("title" in made, made["nickName"]) == (False, "n")
        changed = scim.patch(f"/Users/{made['id']}", op("add", None, {"title": "y", "nickName": "m"})).json()
        assert ("title" in changed, changed["nickName"]) == (False, "m")

    def test_only_what_clears_is_ignored(self, scim):
        id = scim.create(title="x")["id"]
        scim.faults.arm_named("attr.cannot_clear")
        assert scim.patch(f"/Users/{id}", op("remove", "title")).json()["title"] == "x"
        assert scim.patch(f"/Users/{id}", op("replace", "title", "y")).json()["title"] == "y"


class TestLater:
    def test_a_change_is_accepted_and_made_when_it_is_due(self, scim):
        scim.faults.arm_named("write.async_accepted")
        answer = post(scim)
        assert (answer.status_code, answer.content, names(scim)) == (202, b"", [])
        assert told(scim) == (["write.async_accepted"], ["later"], "later")
        scim.clock.sleep(60)
        assert names(scim) == ["ada"]
        assert told(scim)[2] == "yes"

    def test_a_change_that_is_refused_when_it_is_due_is_not_made(self, scim):
        scim.faults.arm_named("write.async_accepted")
        post(scim)
        post(scim)
        scim.clock.sleep(60)
        assert (names(scim), scim.journal[0].applied) == (["ada"], "no")

    def test_a_membership_can_come_later(self, scim):
        ada, group = scim.create()["id"], scim.create_group()["id"]
        scim.faults.arm("member.add", moment="later", applies_after=5, status=200)
        assert scim.patch(f"/Groups/{group}", op("add", "members", [{"value": ada}])).status_code == 200
        assert scim.members(group) == []
        scim.clock.sleep(5)
        assert scim.get(f"/Groups/{group}").json()["members"][0]["value"] == ada

    def test_a_reset_of_the_target_forgets_what_was_still_to_come(self, scim):
        scim.faults.arm_named("write.async_accepted")
        post(scim)
        scim.reset()
        scim.clock.sleep(60)
        assert names(scim) == []


class TestProfiles:
    @pytest.mark.parametrize("name", Scim().target.spec.profile_faults)
    def test_a_profile_brings_its_faults_and_takes_them_away_again(self, name):
        scim = Scim(profile=name)
        mine = scim.faults.arm("user.get", status=500)
        assert len(list(scim.faults)) == 1 + len(scim.target.spec.profile_faults[name])
        scim.flags.profile("rfc")
        assert [fault["id"] for fault in scim.faults] == [mine]

    def test_a_preset_takes_effect(self):
        scim = Scim(profile="aws_identity_center")
        id = scim.create("ada", displayName="Ada", name={"givenName": "Ada", "familyName": "King"})["id"]
        group = scim.create_group("Red", id)["id"]
        scim.session.hooks["response"].clear()
        assert "members" not in scim.get(f"/Groups/{group}").json()
        assert scim.get("/Users", filter='userName sw "a"').json()["scimType"] == "invalidFilter"
        assert scim.patch(f"/Users/{id}", op("replace", None, {"title": "x"})).status_code == 400
