"""Every row of the conformance table of Google Workspace (docs/conformance/google_workspace.md)."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from json import dumps

import pytest

from provcheck.mock_targets.http.oauth.keys import key_of
from tests.vendors.google_rig import MINE, ROOT, Google, person

AUDIENCE = "https://oauth2.googleapis.com/token"


@pytest.fixture
def google() -> Google:
    return Google()


def assertion(google: Google, *, lives: int = 3600) -> str:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    now = int(google.clock.now().timestamp())
    claims = {"iss": "svc@p.iam.gserviceaccount.com", "sub": "admin@example.com", "aud": AUDIENCE,
              "iat": now + min(lives, 0) * 2, "exp": now + lives,
              "scope": "https://www.googleapis.com/auth/admin.directory.user"}  # fmt: skip
    parts = [urlsafe_b64encode(dumps(each).encode()).rstrip(b"=") for each in ({"alg": "RS256", "typ": "JWT"}, claims)]
    signed = b".".join(parts)
    signature = key_of(google.target).sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return (signed + b"." + urlsafe_b64encode(signature).rstrip(b"=")).decode()


def token(google: Google, **form: str):
    return google.session.post(google.urls["token_url"], data=form)


def refresh(google: Google, **form: str):
    tokens = google.target.tokens
    given = {
        "client_id": tokens.client_id,
        "client_secret": tokens.client_secret,
        "refresh_token": tokens.refresh_token,
    }
    return token(google, grant_type="refresh_token", **{**given, **form})


def test_row_1_a_service_account_is_given_a_token(google):
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    body = token(google, grant_type=grant, assertion=assertion(google)).json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 3600)
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    assert google.ask("GET", "/users", headers=headers, **MINE).status_code == 200


def test_row_2_an_administrator_refreshes_a_token(google):
    body = refresh(google, scope="https://www.googleapis.com/auth/admin.directory.group").json()
    assert body["scope"] == "https://www.googleapis.com/auth/admin.directory.group"


def test_row_3_a_wrong_secret_and_an_expired_assertion_are_refused(google):
    wrong = refresh(google, client_secret="wrong")
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    late = token(google, grant_type=grant, assertion=assertion(google, lives=-3000))
    assert (late.status_code, late.json()["error"]) == (400, "invalid_grant")


def test_row_4_a_wrong_token_is_refused(google):
    answer = google.ask("GET", "/users", headers={"Authorization": "Bearer wrong"}, **MINE)
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (401, "UNAUTHENTICATED")
    assert error["errors"][0] == {"message": "Invalid Credentials", "domain": "global", "reason": "authError",
                                  "location": "Authorization", "locationType": "header"}  # fmt: skip


def test_row_5_the_answer_to_an_insert_is_thin_and_a_get_shows_all(google):
    made = google.user("ada", hashFunction="SHA-1")
    assert set(made) == {"kind", "id", "etag", "primaryEmail", "name", "isAdmin", "isDelegatedAdmin", "creationTime",
                         "customerId", "orgUnitPath", "isMailboxSetup", "hashFunction"}  # fmt: skip
    assert (made["kind"], made["orgUnitPath"], made["isAdmin"]) == ("admin#directory#user", "/", False)
    assert re.fullmatch(r"\d{21}", made["id"])
    assert re.fullmatch(r'"[\w-]{43}/[\w-]{27}"', made["etag"])
    answer = google.ask("GET", f"/users/{made['id']}")
    shown = answer.json()
    assert answer.headers["ETag"] == shown["etag"] == made["etag"]
    assert (shown["name"]["fullName"], shown["suspended"]) == ("Ada Byron", False)
    addresses = [each["address"] for each in shown["emails"]]
    assert addresses == ["ada@example.com", "ada@example.com.test-google-a.com"]
    assert not {"password", "hashFunction"} & set(shown)


def test_row_6_an_address_or_alias_that_is_taken_is_a_duplicate(google):
    google.user("ada")
    google.done("POST", "/users/ada@example.com/aliases", {"alias": "countess@example.com"})
    for name in ("ada", "ADA", "countess"):
        assert google.refused(409, "duplicate", "POST", "/users", person(name)) == "Entity already exists."


def test_row_7_a_family_name_is_required(google):
    body = person("ada", name={"givenName": "Ada"})
    assert google.refused(400, "invalid", "POST", "/users", body) == "Invalid Given/Family Name: FamilyName"


def test_row_8_a_foreign_domain_is_refused(google):
    body = person("ada", primaryEmail="ada@elsewhere.org")
    assert google.refused(404, "notFound", "POST", "/users", body) == "Domain not found."
    google.flags.foreign_domain_refusal = "invalid"
    assert google.refused(400, "invalid", "POST", "/users", body) == "Invalid Input: primary_user_email"


def test_row_9_is_admin_cannot_be_written(google):
    assert google.user("ada", isAdmin=True)["isAdmin"] is False


def test_row_10_a_user_is_found_by_id_address_and_alias(google):
    id = google.user("ada")["id"]
    google.done("POST", f"/users/{id}/aliases", {"alias": "countess@example.com"})
    assert {google.done("GET", f"/users/{key}")["id"] for key in (id, "Ada@Example.com", "countess@example.com")} == {
        id
    }


def test_row_11_an_unknown_user_is_not_found(google):
    assert google.refused(404, "notFound", "GET", "/users/nobody@example.com") == "Resource Not Found: userKey"


def test_row_12_a_suspended_user_has_a_reason(google):
    google.user("ada")
    changed = google.done("PATCH", "/users/ada@example.com", {"suspended": True})
    assert (changed["suspended"], changed["suspensionReason"]) == (True, "ADMIN")


def test_row_13_a_put_merges(google):
    google.user("ada", phones=[{"value": "1", "type": "work"}], suspended=True)
    changed = google.done("PUT", "/users/ada@example.com", {"suspended": False})
    assert (changed["suspended"], changed["phones"]) == (False, [{"value": "1", "type": "work"}])
    assert "suspensionReason" not in changed


def test_row_14_a_list_is_replaced_whole(google):
    google.user("ada", phones=[{"value": "1"}, {"value": "2"}])
    assert google.done("PUT", "/users/ada@example.com", {"phones": [{"value": "3"}]})["phones"] == [{"value": "3"}]


def test_row_15_a_put_with_null_clears_a_list_and_a_patch_does_not(google):
    google.user("ada", phones=[{"value": "1"}])
    assert "phones" in google.done("PATCH", "/users/ada@example.com", {"phones": None})
    assert "phones" not in google.done("PUT", "/users/ada@example.com", {"phones": None})
    google.done("PUT", "/users/ada@example.com", {"phones": [{"value": "1"}]})
    google.flags.patch_clears_lists = True
    assert "phones" not in google.done("PATCH", "/users/ada@example.com", {"phones": None})


def test_row_16_a_deleted_user_is_gone(google):
    google.user("ada")
    answer = google.ask("DELETE", "/users/ada@example.com")
    assert (answer.status_code, answer.content) == (204, b"")
    google.refused(404, "notFound", "GET", "/users/ada@example.com")


def test_row_17_deleted_users_are_listed_where_they_are_asked_for(google):
    google.user("ada")
    google.user("ben")
    google.done("DELETE", "/users/ada@example.com")
    (row,) = google.done("GET", "/users", showDeleted="true", **MINE)["users"]
    assert (row["primaryEmail"], row["deletionTime"][:5]) == ("ada@example.com", "2026-")


def test_row_18_a_deleted_user_comes_back_by_id(google):
    id = google.user("ada")["id"]
    google.done("DELETE", f"/users/{id}")
    google.refused(404, "notFound", "POST", "/users/ada@example.com/undelete", {"orgUnitPath": "/"})
    google.done("POST", f"/users/{id}/undelete", {"orgUnitPath": "/"})
    assert google.done("GET", "/users/ada@example.com")["id"] == id


def test_row_19_an_undelete_is_refused_after_20_days_and_for_a_taken_address(google):
    id = google.user("ada")["id"]
    google.done("DELETE", f"/users/{id}")
    other = google.user("ada")["id"]
    google.refused(409, "duplicate", "POST", f"/users/{id}/undelete", {"orgUnitPath": "/"})
    google.done("DELETE", f"/users/{other}")
    google.clock.sleep(21 * 24 * 3600)
    google.refused(412, "conditionNotMet", "POST", f"/users/{id}/undelete", {"orgUnitPath": "/"})


def test_row_20_a_list_names_the_account_or_a_domain(google):
    google.refused(400, "badRequest", "GET", "/users")
    google.refused(400, "badRequest", "GET", "/users", customer="C0other")
    google.refused(404, "notFound", "GET", "/users", domain="elsewhere.org")
    assert google.done("GET", "/users", domain="example.com")["kind"] == "admin#directory#users"


def test_row_21_a_page_above_the_limit_is_refused_or_cut(google):
    google.refused(400, "invalid", "GET", "/users", maxResults="501", **MINE)
    google.flags.large_pages = "clamped"
    google.done("GET", "/users", maxResults="501", **MINE)


def test_row_22_pages_follow_by_token(google):
    for name in ("ada", "ben"):
        google.user(name)
    first = google.done("GET", "/users", maxResults="1", **MINE)
    second = google.done("GET", "/users", maxResults="1", pageToken=first["nextPageToken"], **MINE)
    assert [each["primaryEmail"] for page in (first, second) for each in page["users"]] == [
        "ada@example.com",
        "ben@example.com",
    ]
    assert "nextPageToken" not in second
    google.refused(400, "invalid", "GET", "/users", pageToken="nonsense", **MINE)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("isSuspended=true", ["ben"]),
        ("email:a* givenName='Ada'", ["ada"]),
        ("email='ada@example.com'", ["ada"]),
        ("familyName:BYR*", ["ada", "ben"]),
        ("name='Ada Byron'", ["ada"]),
        ("externalId=x1", ["ada"]),
        ("orgUnitPath=/", ["ada", "ben"]),
        ("ben", ["ben"]),
        ("givenName='O\\'Hara'", []),
    ],
)
def test_row_23_queries_select_users(google, query, found):
    google.user("ada", externalIds=[{"value": "x1", "type": "account"}])
    google.user("ben", suspended=True)
    rows = google.done("GET", "/users", query=query, **MINE).get("users", [])
    assert [each["primaryEmail"].partition("@")[0] for each in rows] == found


@pytest.mark.parametrize(
    "query",
    ["nofield=1", "isSuspended:true", "isAdmin=perhaps", "email>'a'", "name='open", "=", "x" * 9000, "a " * 200],
)
def test_row_24_a_query_that_cannot_be_read_is_invalid(google, query):
    assert google.refused(400, "invalid", "GET", "/users", query=query, **MINE).startswith("Invalid query")


def test_row_25_make_admin(google):
    google.user("ada")
    for _ in range(2):
        google.done("POST", "/users/ada@example.com/makeAdmin", {"status": True})
    assert google.done("GET", "/users/ada@example.com")["isAdmin"] is True


def test_row_26_the_answer_to_a_new_group_has_no_count_and_a_get_has(google):
    made = google.group("red")
    assert (made["kind"], made["adminCreated"], made["description"]) == ("admin#directory#group", True, "")
    assert re.fullmatch(r"[0-9a-z]{15}", made["id"])
    assert not {"directMembersCount", "nonEditableAliases"} & set(made)
    shown = google.done("GET", "/groups/red@example.com")
    assert shown["directMembersCount"] == "0"
    assert shown["nonEditableAliases"] == ["red@example.com.test-google-a.com"]


def test_row_27_users_and_groups_share_their_addresses(google):
    google.user("ada")
    google.group("red")
    for name in ("ada", "red"):
        google.refused(409, "duplicate", "POST", "/groups", {"email": f"{name}@example.com"})
    google.refused(409, "duplicate", "POST", "/users", person("red"))


def test_row_28_the_groups_of_a_user(google):
    google.user("ada")
    google.group("red")
    google.group("green")
    google.join("red", "ada")
    assert [each["name"] for each in google.done("GET", "/groups", userKey="ada@example.com")["groups"]] == ["Red"]
    rows = google.done("GET", "/groups", query="memberKey=ada@example.com", **MINE)["groups"]
    assert [each["name"] for each in rows] == ["Red"]


def test_row_29_a_user_and_an_account_cannot_be_combined(google):
    google.user("ada")
    google.refused(400, "badRequest", "GET", "/groups", userKey="ada@example.com", **MINE)


def test_row_30_a_new_member(google):
    id = google.user("ada")["id"]
    google.group("red")
    member = google.join("red", "ada", role="OWNER")
    assert {name: member[name] for name in ("kind", "id", "email", "role", "type", "status")} == {
        "kind": "admin#directory#member", "id": id, "email": "ada@example.com", "role": "OWNER", "type": "USER",
        "status": "ACTIVE",
    }  # fmt: skip


def _red(google: Google) -> str:
    google.group("red")
    google.user("ada")
    google.user("ben")
    google.join("red", "ada")
    return "/groups/red@example.com/members"


def test_row_31_a_member_already(google):
    path = _red(google)
    assert google.refused(409, "duplicate", "POST", path, {"email": "ada@example.com"}) == "Member already exists."


def test_row_32_an_unknown_member(google):
    path = _red(google)
    google.refused(404, "notFound", "POST", path, {"email": "nobody@example.com"})
    google.flags.unknown_member_refusal = "required"
    google.refused(400, "required", "POST", path, {"email": "nobody@example.com"})


def test_row_33_a_missing_group(google):
    google.user("ada")
    body = {"email": "ada@example.com"}
    message = google.refused(404, "notFound", "POST", "/groups/none@example.com/members", body)
    assert message == "Resource Not Found: groupKey"


def test_row_34_a_cycle_of_groups(google):
    google.group("red")
    google.group("green")
    google.join("red", "green")
    for group, member in (("green", "red"), ("red", "red")):
        path = f"/groups/{group}@example.com/members"
        assert google.refused(400, "conditionNotMet", "POST", path, {"email": f"{member}@example.com"}).startswith(
            "Cyclic"
        )


def test_row_35_removals_that_remove_nobody_are_told_apart(google):
    path = _red(google)
    assert google.done("DELETE", f"{path}/ada@example.com") is None
    assert google.refused(404, "notFound", "DELETE", f"{path}/ben@example.com") == "Resource Not Found: memberKey"
    assert google.refused(400, "required", "DELETE", f"{path}/****") == "Missing required field: memberKey"


def test_row_36_has_member_counts_nested_groups(google):
    _red(google)
    google.group("all")
    google.join("all", "red")
    asked = {
        name: google.done("GET", f"/groups/all@example.com/hasMember/{name}@example.com") for name in ("ada", "ben")
    }
    assert asked == {"ada": {"isMember": True}, "ben": {"isMember": False}}
    google.refused(400, "invalid", "GET", "/groups/all@example.com/hasMember/nobody")
    derived = google.done("GET", "/groups/all@example.com/members", includeDerivedMembership="true")["members"]
    assert [each["email"] for each in derived] == ["red@example.com", "ada@example.com"]


def test_row_37_members_of_a_role(google):
    path = _red(google)
    google.join("red", "ben", role="OWNER")
    assert [each["email"] for each in google.done("GET", path, roles="OWNER")["members"]] == ["ben@example.com"]
    google.refused(400, "invalid", "GET", path, roles="KING")


def test_row_38_a_member_gets_another_role(google):
    path = _red(google)
    assert google.done("PUT", f"{path}/ada@example.com", {"role": "MANAGER"})["role"] == "MANAGER"
    assert google.done("GET", f"{path}/ada@example.com")["role"] == "MANAGER"


def batch(google: Google, *requests: str, path: str = "/batch"):
    parts = [
        f"--b\r\nContent-Type: application/http\r\nContent-ID: <u + {n}>\r\n\r\n{each}"
        for n, each in enumerate(requests)
    ]
    headers = {**google.headers, "Content-Type": "multipart/mixed; boundary=b"}
    return google.session.post(google.urls["base_url"] + path, data="\r\n".join([*parts, "--b--", ""]), headers=headers)


@pytest.mark.parametrize("path", ["/batch", f"/batch{ROOT}"])
def test_row_39_each_part_of_a_batch_is_an_exchange_of_its_own(google, path):
    google.user("ada")
    body = dumps(person("ben"))
    sent = f"POST {ROOT}/users HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    answer = batch(google, f"GET {ROOT}/users/ada@example.com?fields=id", sent, f"DELETE {ROOT}/users/none", path=path)
    assert re.findall(r"HTTP/1.1 (\d+)", answer.text) == ["200", "200", "404"]
    assert re.findall(r"Content-ID: (<.*>)", answer.text) == [f"<response-u + {n}>" for n in range(3)]
    parts = google.journal[-1].parts
    assert [(each.operation, each.status) for each in parts] == [
        ("user.get", 200), ("user.create", 200), ("user.delete", 404)]  # fmt: skip
    assert google.done("GET", "/users/ben@example.com")["primaryEmail"] == "ben@example.com"


def test_row_40_a_batch_of_more_than_1000_calls_is_refused(google):
    answer = batch(google, *[f"GET {ROOT}/users/x"] * 1001)
    assert answer.status_code == 400
    assert google.journal[-1].parts == []


def test_row_41_a_post_may_say_that_it_is_a_get(google):
    google.user("ada")
    headers = {**google.headers, "X-HTTP-Method-Override": "GET", "Content-Type": "application/x-www-form-urlencoded"}
    url = f"{google.urls['base_url']}{ROOT}/users"
    answer = google.session.post(url, data="customer=my_customer&query=email:ada*", headers=headers)
    assert [each["primaryEmail"] for each in answer.json()["users"]] == ["ada@example.com"]
    assert (google.journal[-1].operation, google.journal[-1].writes) == ("user.list", False)


@pytest.mark.parametrize(
    ("reason", "status"), [("userRateLimitExceeded", 403), ("quotaExceeded", 403), ("rateLimitExceeded", 429)]
)
def test_row_42_the_quota_is_refused_in_three_ways(google, reason, status):
    google.flags.enforces_rate_limits, google.flags.quota_reason = True, reason
    for _ in range(2400):
        google.target.rate_limiter.admit("user.get")
    answer = google.ask("GET", "/users", **MINE)
    error = answer.json()["error"]["errors"][0]
    assert (answer.status_code, error["reason"], error["domain"]) == (status, reason, "usageLimits")
    assert "Retry-After" not in answer.headers


def test_row_43_a_new_user_is_not_complete_for_a_while(google):
    google.flags.creation_takes = 30
    google.user("ada")
    for method, path, body in (
        ("PUT", "/users/ada@example.com", {"suspended": True}),
        ("DELETE", "/users/ada@example.com", None),
        ("POST", "/users/ada@example.com/aliases", {"alias": "a@example.com"}),
    ):
        assert google.refused(412, "conditionNotMet", method, path, body) == "User creation is not complete."
    google.clock.sleep(31)
    google.done("PUT", "/users/ada@example.com", {"suspended": True})


def test_row_44_an_error_that_passes(google):
    google.faults.arm("user.list", status=503, times=1)
    google.refused(503, "backendError", "GET", "/users", **MINE)
    google.done("GET", "/users", **MINE)
