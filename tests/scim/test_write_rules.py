"""What a vendor declares of single attributes, of codes and of flags that follow its own."""

import pytest

from provcheck.mock_targets.directory import Conflict, NotFound
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.codes import Codes, Refused, refuse_named
from provcheck.mock_targets.scim.errors import InvalidValue, Mutability
from provcheck.mock_targets.scim.write_rules import WriteRule, settled
from provcheck.mock_targets.target.flags import Behaviour, UnknownFlag, names_in
from tests.outside_vendor.harbor import HarborScim

OLD = {"title": "Dr", "nickName": "ada"}


class Asked:
    """A request, as far as codes look at it."""

    behaviour = Behaviour({"status_of_taken": "409"})


def kept(rule, before, after):
    return settled({"title": rule}, before, after).get("title")


@pytest.mark.parametrize("outcome, title", [("accepted", "Prof"), ("ignored", "Dr")])
def test_an_update_is_accepted_or_ignored(outcome, title):
    assert kept(WriteRule(update=outcome), OLD, {"title": "Prof"}) == title


@pytest.mark.parametrize("code, error", [(None, Mutability), ("title_fixed", Refused)])
def test_an_update_is_refused_unless_it_says_what_is_there(code, error):
    rule = WriteRule(update="refused", code=code, flag="titles")
    assert kept(rule, OLD, {"title": "Dr"}) == "Dr"
    with pytest.raises(error) as refusal:
        kept(rule, OLD, {"title": "Prof"})
    assert refusal.value.flag == "titles"


@pytest.mark.parametrize("value, title", [(True, "Dr"), (False, None)])
def test_a_switch_says_whether_a_new_resource_is_given_the_attribute(value, title):
    rule = WriteRule(create="keeps_titles").under(Behaviour({"keeps_titles": value}))
    assert kept(rule, None, {"title": "Dr"}) == title


def test_a_choice_says_what_happens_and_its_flag_is_named():
    rule = WriteRule(update="title_updates").under(Behaviour({"title_updates": "refused"}))
    with pytest.raises(Mutability) as refusal:
        kept(rule, OLD, {})
    assert refusal.value.flag == "title_updates"


def test_a_value_is_compared_and_checked_in_the_form_in_which_it_is_kept():
    seen = []
    rule = WriteRule(form=str.title, check=lambda value, document: seen.append(value))
    assert kept(rule, OLD, {"title": "DR"}) == "Dr"
    assert seen == []
    assert kept(rule, OLD, {"title": "PROF"}) == "Prof"
    assert seen == ["Prof"]


def test_a_document_that_no_rule_changes_is_the_one_that_was_given():
    after = {"title": "Prof"}
    assert settled({"title": WriteRule(), "locale": WriteRule(update="ignored")}, OLD, after) is after


CODES = Codes(
    told={
        NotFound: "gone",
        Conflict: lambda error, _: Refused("taken", by=error.holder_id),
        InvalidValue: {None: "bad_value", "title": "bad_title"},
        errors.WireError: "failed",
        Exception: "bad",
    },
    statuses={404: "gone lost"},
    flags={"status_of_taken": "taken"},
)


@pytest.mark.parametrize(
    "error, detail, status",
    [
        (NotFound("User", "1"), "gone", 404),
        (Conflict("User", "userName", "ada", "7"), "taken (by=7)", 409),
        (InvalidValue("no", about="title"), "bad_title", 400),
        (InvalidValue("no", about="locale"), "bad_value", 400),
        (errors.Broken("no", status=503), "failed", 503),
        (KeyError(), "bad", 400),
        (Refused("lost"), "lost", 404),
    ],
)
def test_an_exception_has_the_code_of_its_nearest_class_and_the_status_of_its_code(error, detail, status):
    refused, shown = CODES.refusal(error, Asked())
    assert (refused.detail, shown) == (detail, status)


def test_a_long_value_is_cut_in_the_note_of_a_code():
    assert len(Refused("long_name", user="a" * 5000).detail) < 130


def test_a_name_that_a_flag_lists_is_refused_with_the_code_of_the_flag():
    can = Behaviour({"bots": "Bot , robo", "owner": ""})
    refuse_named("ada", {"bots": "is_bot", "owner": "is_owner"}, can)
    with pytest.raises(Refused, match="is_bot") as refusal:
        refuse_named("ROBO", {"bots": "is_bot", "owner": "is_owner"}, can)
    assert refusal.value.flag == "bots"
    assert names_in(None) == frozenset()


def test_a_flag_that_follows_one_that_is_not_there_fails_when_the_class_is_made():
    with pytest.raises(UnknownFlag, match="has_sort"):
        type("Wrong", (HarborScim,), {"derived": {"supports_sort": ("has_sort", bool)}})
