"""Which accounts and groups a client need not know of after they were changed out of band."""

from __future__ import annotations

from dataclasses import replace

from provcheck.harness.model import Join, PutUser, RenameGroup
from provcheck.harness.model.external_change import ChangeGroup, DeleteAccount, RemoveMember
from provcheck.harness.oracle.out_of_band import OutOfBand
from provcheck.harness.scenarios.people import group_id, person, source, team, user_id

BEFORE = source(("ada", "ben"), team("Red", "ada"))


def changed() -> OutOfBand:
    known = OutOfBand()
    known.changed([DeleteAccount("Ada"), ChangeGroup("Red", {"displayName": "Crimson"})])
    return known


def test_what_was_changed_is_known_by_every_name_it_had() -> None:
    assert changed().names == {"ada", "red", "crimson"}


def test_a_run_that_brings_nothing_new_leaves_it_open() -> None:
    known = changed()
    known.ran(BEFORE, BEFORE)
    known.ran(BEFORE, Join(group_id("Red"), user_id("ben")).on(BEFORE))
    assert known.names == {"ada", "red", "crimson"}


def test_a_change_of_the_user_or_a_new_name_of_the_group_settles_it() -> None:
    known = changed()
    known.ran(BEFORE, PutUser(replace(person("ada"), family_name="King")).on(BEFORE))
    assert known.names == {"red", "crimson"}
    known.ran(BEFORE, RenameGroup(group_id("Red"), "Scarlet").on(BEFORE))
    assert known.names == {"crimson"}


def test_a_full_resync_settles_everything() -> None:
    known = changed()
    known.changed([RemoveMember("Red", "ben")])
    known.ran(BEFORE, BEFORE, full=True)
    assert not known.names
