"""google-api-python-client with its bundled discovery document, unmodified but for the address.

Every call that it has for users, aliases, groups, members, batches and tokens, and the errors that it raises.
"""

from __future__ import annotations

import json
from pathlib import Path

import googleapiclient.discovery_cache as discovery
import pytest
from google.auth.exceptions import RefreshError
from google.oauth2 import credentials, service_account
from googleapiclient.discovery import build, build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import BatchHttpRequest

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.oauth import keys
from provcheck.mock_targets.serving.server import serving
from provcheck.mock_targets.testing import Handle

SCOPES = [f"https://www.googleapis.com/auth/admin.directory.{each}" for each in ("user", "group", "group.member")]
MINE = {"customer": "my_customer"}


@pytest.fixture(scope="module")
def running():
    environment = Environment(["google_workspace"])
    with serving(environment):
        yield Handle(environment.target("google_workspace"))


@pytest.fixture
def target(running):
    running.reset()
    return running


def refresh_token(target, **changes):
    tokens = target.target.tokens
    given = {"refresh_token": tokens.refresh_token, "client_id": tokens.client_id,
             "client_secret": tokens.client_secret, "token_uri": target.urls["token_url"], **changes}  # fmt: skip
    return credentials.Credentials(token=None, scopes=SCOPES, **given)


def service(target, made=None):
    options = {"api_endpoint": target.urls["base_url"] + "/"}
    return build("admin", "directory_v1", credentials=made or refresh_token(target), client_options=options,
                 static_discovery=True, cache_discovery=False)  # fmt: skip


def insert(api, name, **fields):
    names = {"givenName": name.title(), "familyName": "Byron"}
    body = {"primaryEmail": f"{name}@example.com", "name": names, "password": "s3cret-enough", **fields}
    return api.users().insert(body=body).execute()


def reason_of(error) -> tuple[int, str]:
    return error.value.status_code, error.value.error_details[0]["reason"]


def test_a_service_account_signs_for_its_token(target):
    info = {"type": "service_account", "client_email": "svc@p.iam.gserviceaccount.com", "private_key_id": "k1",
            "private_key": keys.as_pem(keys.key_of(target.target)), "token_uri": target.urls["token_url"]}  # fmt: skip
    made = service_account.Credentials.from_service_account_info(info, scopes=SCOPES, subject="admin@example.com")
    assert "users" not in service(target, made).users().list(**MINE).execute()


def test_a_wrong_secret_is_a_refresh_error(target):
    with pytest.raises(RefreshError, match="invalid_client"):
        service(target, refresh_token(target, client_secret="wrong")).users().list(**MINE).execute()


def test_a_token_that_is_revoked_is_renewed(target):
    api = service(target)
    insert(api, "ada")
    target.tokens.revoke_all()
    assert api.users().get(userKey="ada@example.com").execute()["primaryEmail"] == "ada@example.com"


def test_every_call_for_users_and_aliases(target):
    api = service(target)
    id, users = insert(api, "ada")["id"], api.users()
    assert users.get(userKey="ada@example.com", projection="full").execute()["id"] == id
    assert users.patch(userKey=id, body={"suspended": True}).execute()["suspensionReason"] == "ADMIN"
    assert users.update(userKey=id, body={"suspended": False, "phones": [{"value": "1"}]}).execute()["phones"]
    assert users.makeAdmin(userKey=id, body={"status": True}).execute() == ""
    aliases = users.aliases()
    assert aliases.insert(userKey=id, body={"alias": "a@example.com"}).execute()["alias"] == "a@example.com"
    assert [each["alias"] for each in aliases.list(userKey=id).execute()["aliases"]] == ["a@example.com"]
    assert aliases.delete(userKey=id, alias="a@example.com").execute() == ""
    assert users.delete(userKey=id).execute() == ""
    assert [each["id"] for each in users.list(showDeleted="true", **MINE).execute()["users"]] == [id]
    assert users.undelete(userKey=id, body={"orgUnitPath": "/"}).execute() == ""
    assert users.get(userKey=id).execute()["isAdmin"] is True


def test_pages_masks_orders_and_a_query_too_long_for_a_url(target):
    api = service(target)
    for name in ("ada", "ben", "cem"):
        insert(api, name)
    asked = api.users().list(orderBy="email", sortOrder="DESCENDING", maxResults=2, **MINE)
    found = []
    while asked is not None:
        page = asked.execute()
        found += [each["primaryEmail"][:3] for each in page["users"]]
        asked = api.users().list_next(asked, page)
    assert found == ["cem", "ben", "ada"]
    long = " ".join(["email:a*"] * 90) + " " * 2000
    rows = api.users().list(query=long, fields="users(primaryEmail)", **MINE).execute()
    assert rows == {"users": [{"primaryEmail": "ada@example.com"}]}


def test_every_call_for_groups_and_members(target):
    api = service(target)
    insert(api, "ada")
    groups, members = api.groups(), api.members()
    id = groups.insert(body={"email": "red@example.com", "name": "Red"}).execute()["id"]
    assert groups.get(groupKey="red@example.com").execute()["directMembersCount"] == "0"
    assert groups.patch(groupKey=id, body={"description": "All"}).execute()["description"] == "All"
    assert groups.update(groupKey=id, body={"name": "Reds"}).execute()["name"] == "Reds"
    assert [each["id"] for each in groups.list(query="name='Reds'", **MINE).execute()["groups"]] == [id]
    groups.aliases().insert(groupKey=id, body={"alias": "r@example.com"}).execute()
    assert len(groups.aliases().list(groupKey=id).execute()["aliases"]) == 1
    assert groups.aliases().delete(groupKey=id, alias="r@example.com").execute() == ""
    body = {"email": "ada@example.com", "role": "MEMBER"}
    assert members.insert(groupKey=id, body=body).execute()["status"] == "ACTIVE"
    assert members.get(groupKey=id, memberKey="ada@example.com").execute()["role"] == "MEMBER"
    assert members.patch(groupKey=id, memberKey="ada@example.com", body={"role": "OWNER"}).execute()["role"] == "OWNER"
    assert members.update(groupKey=id, memberKey="ada@example.com", body=body).execute()["role"] == "MEMBER"
    assert members.hasMember(groupKey=id, memberKey="ada@example.com").execute() == {"isMember": True}
    assert len(members.list(groupKey=id, roles="MEMBER").execute()["members"]) == 1
    assert [each["id"] for each in groups.list(userKey="ada@example.com").execute()["groups"]] == [id]
    assert members.delete(groupKey=id, memberKey="ada@example.com").execute() == ""
    assert "members" not in members.list(groupKey=id).execute()
    assert groups.delete(groupKey=id).execute() == ""


def test_batches_at_a_named_address_and_by_the_document(target):
    path = Path(discovery.__file__).parent / "documents" / "admin.directory_v1.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["rootUrl"] = document["baseUrl"] = target.urls["base_url"] + "/"
    patched, api = build_from_document(document, credentials=refresh_token(target)), service(target)
    insert(api, "ada")
    for batch in (
        BatchHttpRequest(batch_uri=target.urls["base_url"] + "/batch"),
        patched.new_batch_http_request(),
    ):
        seen = {}

        def note(key, body, error, seen=seen):
            seen[key] = error or body

        for key in ("ada@example.com", "nobody@example.com"):
            batch.add(api.users().get(userKey=key), request_id=key, callback=note)
        batch.execute(http=api._http)
        assert seen["ada@example.com"]["primaryEmail"] == "ada@example.com"
        assert seen["nobody@example.com"].status_code == 404


def test_errors_are_raised_with_their_reasons(target):
    api = service(target)
    insert(api, "ada")
    with pytest.raises(HttpError) as taken:
        insert(api, "ada")
    assert reason_of(taken) == (409, "duplicate")
    with pytest.raises(HttpError) as missing:
        api.users().get(userKey="nobody@example.com").execute()
    assert reason_of(missing) == (404, "notFound")
    with pytest.raises(HttpError) as invalid:
        api.users().list(query="nofield=1", **MINE).execute()
    assert reason_of(invalid) == (400, "invalid")


@pytest.mark.parametrize("status", [503, 429])
def test_errors_that_pass_are_tried_again(target, status):
    api = service(target)
    target.faults.arm("user.list", status=status, times=1)
    assert "users" not in api.users().list(**MINE).execute(num_retries=1)
    assert [each.status for each in target.journal if each.operation == "user.list"] == [status, 200]
