"""Requests of real identity providers replayed over HTTP: under the sender's profile they do what the sender meant."""

from __future__ import annotations

import pytest

from provcheck.mock_targets.vendors.scim.sender_presets import PROFILES
from tests.scim.idp_shapes import GROUP, ID_NAMES, SHAPES, Shape, filled
from tests.scim.scim_rig import ENTERPRISE, Scim, new_user, op

each = pytest.mark.parametrize("shape", SHAPES, ids=[shape.name for shape in SHAPES])


class Replay:
    """A shape over HTTP: its population, its request, and what there is afterwards."""

    def __init__(self, shape: Shape, profile: str) -> None:
        self.shape = shape
        self.scim = Scim()
        self.scim.learn_models()  # which take any text for an e-mail address, as the RFC does
        self.ids = {name: self.scim.create(f"{name}@example.org")["id"] for name in ID_NAMES}
        self.own = None if shape.method == "POST" else self._prepare()
        self.scim.flags.profile(profile)
        self.before = self.scim.state()
        path = f"/{shape.kind}s" + (f"/{self.own}" if self.own else "")
        self.answer = self.scim.send(shape.method, path, filled(shape.body, self.ids))

    def _prepare(self) -> str:
        body = filled(self.shape.before, self.ids)
        if self.shape.kind == "Group":
            body["members"] = [{"value": self.ids[name]} for name in self.shape.members]
        return self.scim.made(f"/{self.shape.kind}s", body)["id"]

    @property
    def document(self):
        """The resource as the target holds it."""
        return self.scim.target.directory.get(self.shape.kind, self.own or self.answer.json()["id"]).document

    @property
    def members(self) -> tuple[str, ...]:
        """Who is in the group, by the names of the shape."""
        names = {id: name for name, id in self.ids.items()}
        return tuple(names[id] for id in self.scim.members(self.own or self.answer.json()["id"]))


@each
@pytest.mark.parametrize("everything", [False, True], ids=["own profile", "tolerant"])
def test_a_shape_does_what_its_sender_meant(shape, everything):
    replay = Replay(shape, "tolerant" if everything else shape.profile)
    assert replay.answer.status_code == (201 if shape.method == "POST" else 200), replay.answer.text
    assert replay.document == filled(shape.after, replay.ids)
    assert sorted(replay.members) == sorted(shape.expected_members if shape.kind == "Group" else ())


@each
def test_a_shape_under_the_rfc_alone_is_read_by_the_rfc_or_refused(shape):
    replay = Replay(shape, "rfc")
    if not shape.needs:
        assert replay.document == filled(shape.after, replay.ids)
    elif shape.without is not None:
        assert replay.document == filled(shape.without, replay.ids)
    else:
        assert 400 <= replay.answer.status_code < 500
        assert replay.scim.state() == replay.before


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_sets_every_tolerance_and_nothing_else(profile):
    scim = Scim(membership_style="user")
    scim.flags.ignores_read_only = True
    before = dict(scim.flags)
    scim.flags.profile(profile)
    changed = {name for name, value in scim.flags.items() if value != before[name]}
    assert scim.flags.ignores_read_only is PROFILES[profile].ignores_read_only
    assert not {"membership_style", "supports_groups"} & changed


@pytest.mark.parametrize("profile", PROFILES)
def test_a_client_that_keeps_to_the_rfc_sees_the_same_under_every_profile(profile):
    plain, tuned = Scim(), Scim(profile=profile)
    for scim in (plain, tuned):
        id = scim.create("ada", title="x")["id"]
        scim.made("/Groups", {"schemas": [GROUP], "displayName": "Sales", "members": [{"value": id}]})
        scim.send("PUT", f"/Users/{id}", new_user("ada", displayName="Ada"))
    assert [exchange.response_body for exchange in plain.journal] == [
        exchange.response_body for exchange in tuned.journal
    ]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_path_is_followed_or_refused_and_never_answered_200_for_nothing(profile):
    scim = Scim(profile=profile)
    id = scim.create("ada")["id"]
    paths = ("nosuch", "nosuch.part", "name.nosuch", 'emails[type eq "work"].nosuch', f"{ENTERPRISE}:nosuch")
    for path in (*paths, f"{ENTERPRISE}.nosuch", "urn:example:nosuch:User:x", "urn:example:nosuch:User.x"):
        answer = scim.patch(f"/Users/{id}", op("add", path, "7"))
        assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidPath"), path
    answer = scim.patch(f"/Users/{id}", op("add", f"{ENTERPRISE}.employeeNumber", "7"))
    assert answer.ok == (scim.user(id).get(ENTERPRISE) == {"employeeNumber": "7"})
    assert answer.ok == (profile == "tolerant")
