"""Behaviour of public bug reports as one line of `watch --fault` each, seen by a client of the watched target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from provcheck.harness.testbed.serving import Serving, Watching
from tests.scim.scim_rig import new_group, new_user, op, patch

LINES = (
    "filter.unsupported_400 filters_by=externalId",
    "attr.silently_ignored patch_op=add",
    "operation=user.update changes_attribute=userName status=400 times=null",
    "operation=group.update moment=partial stores_members=[] changes_attribute=displayName times=null",
    "operation=user.* moment=partial stores_rewritten.displayName=first_word times=null",
    "operation=discovery url_path=*/ServiceProviderConfig status=404 times=null",
    "operation=group.list lists=doubles_row times=null",
)
Send = Callable[..., Any]


@pytest.fixture(scope="module")
def send() -> Iterator[Send]:
    """Sends a request to a watched target with all these faults; the answer."""
    served = Serving(targets=("scim",), port=0, faults=tuple(f"scim={line}" for line in LINES))
    with Watching(served) as watching, requests.Session() as http:
        (target,) = watching.targets
        http.trust_env = False
        http.headers.update({"Authorization": f"Bearer {target.token}", "Content-Type": "application/scim+json"})

        def ask(method: str, path: str, body: Any = None, **query: str) -> requests.Response:
            return http.request(method, target.base_url + path, json=body, params=query, timeout=10)

        yield ask


def made(send: Send, name: str, **more: Any) -> str:
    answer = send("POST", "/Users", new_user(name, **more))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_look_up_by_external_id_is_refused_while_one_by_user_name_works(send):
    made(send, "ada", externalId="e1")
    assert send("GET", "/Users", filter='externalId eq "e1"').status_code == 400
    assert send("GET", "/Users", filter='userName eq "ada"').json()["totalResults"] == 1


def test_add_is_ignored_and_replace_is_honoured(send):
    path = f"/Users/{made(send, 'bob')}"
    assert "title" not in send("PATCH", path, patch(op("add", "title", "x"))).json()
    assert send("PATCH", path, patch(op("replace", "title", "y"))).json()["title"] == "y"


def test_a_user_name_cannot_change_while_other_updates_pass(send):
    path = f"/Users/{made(send, 'cem')}"
    assert send("PATCH", path, patch(op("replace", "userName", "cemal"))).status_code == 400
    assert send("PATCH", path, patch(op("replace", "title", "x"))).status_code == 200
    assert send("GET", path).json()["userName"] == "cem"


def test_a_new_name_of_a_group_empties_it(send):
    group = send("POST", "/Groups", new_group("Red", made(send, "dan"))).json()
    path = f"/Groups/{group['id']}"
    assert len(send("GET", path).json()["members"]) == 1
    send("PATCH", path, patch(op("replace", "displayName", "Blue")))
    assert not send("GET", path).json().get("members")


def test_only_the_first_word_of_a_value_is_stored(send):
    path = f"/Users/{made(send, 'eve', displayName='Eve Lund')}"
    assert send("GET", path).json()["displayName"] == "Eve"


def test_the_configuration_alone_is_missing(send):
    statuses = [send("GET", f"/{each}").status_code for each in ("ServiceProviderConfig", "Schemas", "ResourceTypes")]
    assert statuses == [404, 200, 200]


def test_the_same_row_is_in_a_list_twice(send):
    id = send("POST", "/Groups", new_group("Green")).json()["id"]
    rows = send("GET", "/Groups", filter='displayName eq "Green"').json()["Resources"]
    assert [each["id"] for each in rows] == [id, id]
