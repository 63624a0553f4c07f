"""The source: immutable, read from files, with errors that name the place."""

from __future__ import annotations

import json

import pytest

from provcheck.harness.model import (
    BadPopulation,
    ChangeUser,
    Join,
    Leave,
    Population,
    PutGroup,
    PutUser,
    RemoveGroup,
    RemoveUser,
    RenameGroup,
    SourceGroup,
    SourceUser,
)

ADA, BEN = SourceUser("1", "ada"), SourceUser("2", "ben")
RED = SourceGroup("g1", "Red", ("1", "2"))
TWO = Population((ADA, BEN), (RED,))


def test_a_population_is_never_changed():
    TWO.without_user("1").with_user(SourceUser("2", "benedict"))
    assert Population((ADA, BEN), (RED,)) == TWO


def test_who_leaves_the_source_leaves_the_groups():
    assert TWO.without_user("1").group("g1").members == ("2",)


def test_a_user_with_a_known_id_takes_the_place_of_the_old_one():
    changed = TWO.with_user(SourceUser("1", "adele"))
    assert [user.user_name for user in changed.users] == ["adele", "ben"]


@pytest.mark.parametrize("population", [((ADA, ADA), ()), ((), (RED, RED))])
def test_ids_are_unique(population):
    with pytest.raises(BadPopulation, match="two"):
        Population(*population)


@pytest.mark.parametrize("missing", [TWO.without_user, TWO.without_group, TWO.user, TWO.group])
def test_who_is_not_there_cannot_be_meant(missing):
    with pytest.raises(KeyError):
        missing("nobody")


@pytest.mark.parametrize(
    ("edit", "words", "holds"),
    [
        (PutUser(SourceUser("3", "cem")), "cem is added", lambda p: len(p.users) == 3),
        (ChangeUser("1", {"active": False}), "1 is disabled", lambda p: not p.user("1").active),
        (ChangeUser("1", {"active": True}), "enabled again", lambda p: p.user("1").active),
        (ChangeUser("1", {"email": "a@x"}), "email becomes 'a@x'", lambda p: p.user("1").email == "a@x"),
        (RemoveUser("1"), "1 is deleted", lambda p: len(p.users) == 1),
        (PutGroup(SourceGroup("g2", "Green")), "Green is added", lambda p: len(p.groups) == 2),
        (RenameGroup("g1", "Crimson"), "renamed to Crimson", lambda p: p.group("g1").name == "Crimson"),
        (RemoveGroup("g1"), "g1 is deleted", lambda p: not p.groups),
        (Join("g1", "1"), "joins", lambda p: p.group("g1").members == ("1", "2")),
        (Leave("g1", "1"), "leaves", lambda p: p.group("g1").members == ("2",)),
    ],
)
def test_an_edit_makes_the_next_population_and_says_itself(edit, words, holds):
    assert holds(edit.on(TWO))
    assert words in edit.describe()


def test_a_json_source_is_read_in_either_spelling(tmp_path):
    path = tmp_path / "people.json"
    path.write_text(
        json.dumps(
            {
                "users": [
                    {"id": "1", "userName": "ada", "givenName": "Ada", "active": False, "department": "Sales"},
                    {"user_name": "ben", "external_id": "b-2"},
                ],
                "groups": [{"id": "g", "name": "Red", "members": ["1", "ben", "ada"], "external": True}],
            }
        ),
        encoding="utf-8",
    )
    population = Population.read(path)
    assert population.user("1") == SourceUser(
        "1", "ada", given_name="Ada", active=False, attributes={"department": "Sales"}
    )
    assert population.user("ben").external_id == "b-2"
    assert population.group("g") == SourceGroup("g", "Red", ("1", "ben"), external=True)


def test_a_csv_source_names_the_groups_of_each_user(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "\ufeffuserName,email,active,groups,department\nada,ada@x,no,Red; Green,Sales\nben,ben@x,,Red,\n",
        encoding="utf-8",
    )
    population = Population.read(str(path))
    assert [user.active for user in population.users] == [False, True]
    assert population.user("ada").attributes == {"department": "Sales"}
    assert {group.name: group.members for group in population.groups} == {"Red": ("ada", "ben"), "Green": ("ada",)}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.xml", "", ".json or a .csv"),
        ("x.json", "{", "not JSON"),
        ("x.json", "[" * 100_000, "not JSON"),
        ("x.json", "[]", "the source is an object, not []"),
        ("x.json", '{"people": []}', "no 'people'; it has users, groups"),
        ("x.json", '{"users": {}}', "users is a list, not {}"),
        ("x.json", '{"users": [5]}', "user 1 is an object, not 5"),
        ("x.json", '{"users": [{"id": "1"}]}', "user 1 needs userName"),
        ("x.json", '{"users": [{"userName": 5}]}', "user 1: userName is a text"),
        ("x.json", '{"users": [{"userName": "a", "user_name": "b"}]}', "given twice"),
        ("x.json", '{"users": [{"userName": "a", "active": "perhaps"}]}', "true or false"),
        ("x.json", '{"users": [{"userName": "a"}, {"userName": "a"}]}', "two users have the id 'a'"),
        ("x.json", '{"groups": [{}]}', "group 1 needs name"),
        ("x.json", '{"groups": [{"name": "Red", "members": ["nobody"]}]}', "no user is called 'nobody'"),
        ("x.json", '{"groups": [{"name": "Red", "members": "ada"}]}', "members is a list"),
        ("x.json", '{"users": [{"userName": "a", "department": 0}]}', "user 1: department is a text, not 0"),
        ("x.json", '{"users": [{"userName": "a", "active": ["yes"]}]}', "user 1: active is true or false, not ['yes']"),
        ("x.json", '{"groups": [{"name": "Red", "external": "maybe"}]}', "group 1: external is true or false"),
        ("x.json", '{"groups": [{"name": "Red", "memebrs": []}]}', "did you mean members?"),
        ("x.json", '{"users": [{"userName": ' + "[" * 400 + "]" * 400 + "}]}", "user 1: userName is a text, not [["),
        ("x.csv", "userName,email,email\nada,a@x,b@x\n", "line 1: email is given twice"),
        ("x.csv", "userName,user_name\nada,ben\n", "line 1: userName is given twice"),
        ("x.json", '{"groups": [{"name": "Red", "colour": "red"}]}', "no 'colour'"),
        ("x.csv", "userName,email\nada\n", "line 2: as many fields"),
        ("x.csv", "userName,email\nada,a@x,more\n", "line 2: as many fields"),
        ("x.csv", 'userName,email\n"ada"x,a@x\n', "line 2"),
        ("x.csv", "email\na@x\n", "line 1: a heading names the columns, userName among them"),
        ("x.csv", "", "line 1: a heading"),
        ("x.csv", "\n\n", "line 1: a heading"),
        ("x.csv", "userName,email\n,a@x\n", "line 2 needs userName"),
    ],
)
def test_a_source_that_cannot_be_read_names_the_place(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadPopulation) as refusal:
        Population.read(path)
    assert said in str(refusal.value)
    assert str(path) in str(refusal.value)


def test_empty_texts_and_null_are_as_good_as_none(tmp_path):
    path = tmp_path / "people.json"
    user = {"id": "", "userName": " ada ", "email": None, "active": "", "externalId": "", "department": None}
    group = {"id": None, "displayName": "Red", "members": None, "external": "no", "externalId": ""}
    path.write_text(json.dumps({"users": [user], "groups": [group]}), encoding="utf-8")
    assert Population.read(path) == Population(
        (SourceUser("ada", "ada", attributes={"department": ""}),), (SourceGroup("Red", "Red"),)
    )


def test_a_file_that_is_not_there_or_is_no_text_is_told(tmp_path):
    with pytest.raises(BadPopulation, match="No such file"):
        Population.read(tmp_path / "none.json")
    (tmp_path / "x.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadPopulation, match="UTF-8"):
        Population.read(tmp_path / "x.csv")


def test_a_heading_alone_is_a_source_of_nobody(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("id,User_Name\n", encoding="utf-8")
    assert Population.read(path) == Population()


WORK, MOBILE = {"value": "+44 1", "type": "work"}, {"value": "+44 2", "type": "mobile"}
OF_ADA = {"department": "R", "phoneNumbers": [WORK, MOBILE], "address": {"locality": "London"}, "manager": "ben"}


def test_phone_numbers_address_and_manager_are_read_from_json(tmp_path):
    path = tmp_path / "source.json"
    numbers = {"phone_numbers": [WORK, MOBILE], "address": {"locality": "London"}, "manager": "ben", "department": "R"}
    path.write_text(json.dumps({"users": [{"userName": "ada", **numbers}]}))
    assert Population.read(path).user("ada").attributes == OF_ADA


def test_phone_numbers_and_address_have_columns_for_their_parts(tmp_path):
    path = tmp_path / "source.csv"
    heading = "userName,phoneNumbers.work,phone_numbers.mobile,address.locality,address.region,manager,department"
    path.write_text(f"{heading}\nada,+44 1,+44 2,London,,ben,R\nben,,,,,,\n")
    source = Population.read(path)
    assert source.user("ada").attributes == OF_ADA
    assert source.user("ben").attributes == {"department": ""}


def test_a_mere_text_is_a_phone_number_or_an_address(tmp_path):
    path = tmp_path / "source.csv"
    path.write_text("userName,phoneNumbers,address\nada,+44 1,1 High Street\n")
    assert Population.read(path).user("ada").attributes == {"phoneNumbers": "+44 1", "address": "1 High Street"}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("s.csv", "userName,address.street\nada,x\n", "line 2: address has no 'street'; did you mean streetAddress?"),
        ("s.csv", "userName,address,address.region\nada,x,y\n", "line 2: address is given twice"),
        (
            "s.json",
            '{"users": [{"userName": "ada", "phoneNumbers": [{"type": "work"}]}]}',
            "phoneNumbers.0. needs value",
        ),
        ("s.json", '{"users": [{"userName": "ada", "phoneNumbers": 7}]}', "phoneNumbers is a text or a list, not 7"),
        ("s.json", '{"users": [{"userName": "ada", "manager": ["ben"]}]}', "user 1: manager is a text"),
    ],
)
def test_phone_numbers_and_an_address_that_cannot_be_read_name_the_place(tmp_path, name, text, said):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(BadPopulation, match=said):
        Population.read(path)
