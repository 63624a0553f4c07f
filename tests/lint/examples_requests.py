"""For every rule on single requests (headers, resources, PATCH, filters): requests that break it, and that do not."""

from __future__ import annotations

from tests.lint.imagined_exchange import (
    ENTERPRISE,
    GROUP,
    LIST,
    USER,
    V1,
    ask,
    config,
    found,
    group,
    look,
    made,
    op,
    patch,
    user,
)

JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "application/xml"}


def users(query: str, **more):
    return ask(f"GET /Users?{query}", None, 200, found(), **more)


def change(*operations, **more):
    return ask("PATCH /Users/1", patch(*operations), **more)


def crowd(*operations):
    return ask("PATCH /Groups/7", patch(*operations))


BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


def bulk(*operations, **more):
    return ask("POST /Bulk", {"schemas": [BULK], "Operations": list(operations), **more}, 200)


ADA = {"method": "POST", "path": "/Users", "bulkId": "a", "data": user()}
SEARCH = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], "filter": 'emails.value eq "a@b"'}

EXAMPLES = {
    "SCIM101": ([ask("POST /Users", user(), headers=XML)], [ask("POST /Users", user(), headers=JSON)]),
    "SCIM102": ([ask("POST /Users", user(), headers=JSON)], [ask("POST /Users", user())]),
    "SCIM103": (
        [ask("GET /Users/1", headers={"Accept": "text/html"})],
        [
            ask("GET /Users/1", headers={"Accept": each})
            for each in ("*/*", "application/vnd.github.v3+json", "application/vnd.github+json")
        ],
    ),
    "SCIM104": ([ask("GET /Users/1", headers={"Accept": None})], [ask("GET /Users/1")]),
    "SCIM105": ([ask("GET /Users/1", headers={"User-Agent": None})], [ask("GET /Users/1")]),
    "SCIM106": ([ask("GET /Users/1", headers=JSON)], [ask("GET /Users/1")]),
    "SCIM107": ([ask("DELETE /Users/1", {"id": "1"})], [ask("DELETE /Users/1")]),
    "SCIM108": ([ask("POST /Users", "userName=ada")], [ask("POST /Users", user())]),
    "SCIM109": ([ask("POST /Users", '{"userName": "a", "userName": "b"}')], [ask("POST /Users", user())]),
    "SCIM110": ([ask("GET /users/1")], [ask("GET /Users/1")]),
    "SCIM111": ([ask("GET /Users/")], [ask("GET /Users")]),
    "SCIM112": ([ask("GET //Users")], [ask("GET /Users")]),
    "SCIM113": (
        [ask("GET /Users/1"), ask("GET /Users/2", headers={"Authorization": None})],
        [ask("GET /ServiceProviderConfig", headers={"Authorization": None}), ask("GET /Users/1")],
    ),
    "SCIM114": (
        [
            ask("POST /Users", user(), 400, {"scimType": "invalidValue", "detail": "emails is required"}),
            ask("POST /Users", user(), 400, {"Errors": {"description": "email_empty", "code": 400}}),
            ask("POST /Users", user(), 413),
        ],
        [ask("POST /Users", user(), 409), ask("POST /Users", user(), 503), ask("POST /Users", user())],
    ),
    "SCIM120": ([ask("GET /Users?access_token=[redacted]")], [ask("GET /Users?startIndex=1")]),
    "SCIM121": (
        [ask("GET /Users/1", scheme="http", host="scim.example.com")],
        [ask("GET /Users/1", scheme="http", host="127.0.0.1:8080")],
    ),
    "SCIM122": ([users("filter=emails.value%20eq%20%22a%22")], [ask("POST /Users/.search", SEARCH, 200, found())]),
    "SCIM123": ([users("filter=password%20eq%20%22x%22")], [users("filter=userName%20eq%20%22x%22")]),
    "SCIM124": ([change(op("replace", "password", "x"))], [ask("POST /Users", user(password="[redacted]"))]),
    "SCIM201": ([ask("POST /Users", user(schemas="left out"))], [ask("POST /Users", user())]),
    "SCIM202": ([ask("POST /Users", user(schemas=[GROUP]))], [ask("POST /Groups", group())]),
    "SCIM203": (
        [ask("POST /Users", user(schemas=[USER, "urn:ietf:params:scim:schemas:core:2.0:Person"]))],
        [ask("POST /Users", user(schemas=[USER, "urn:example:params:scim:schemas:extension:pet:2.0:User"]))],
    ),
    "SCIM204": ([ask("POST /Users", user(schemas=[V1]))], [ask("POST /Users", user(schemas=[V1]), base="/v1")]),
    "SCIM205": (
        [ask("POST /Users", user(**{ENTERPRISE: {"department": "x"}}))],
        [ask("POST /Users", user(schemas=[USER, ENTERPRISE], **{ENTERPRISE: {"department": "x"}}))],
    ),
    "SCIM206": ([ask("POST /Users", user(schemas=[[USER]]))], [ask("POST /Users", user())]),
    "SCIM207": ([ask("POST /Users", user(id="1"))], [ask("PUT /Users/1", user(id="1"))]),
    "SCIM208": ([ask("PUT /Users/1", user(id="2"))], [ask("PUT /Users/1", user(id="1"))]),
    "SCIM209": (
        [change(op("add", "groups", [{"value": "7"}]), status=400)],
        [crowd(op("add", "members", [{"value": "1"}]))],
    ),
    "SCIM210": ([change(op("replace", "active", "False"))], [change(op("replace", "active", False))]),
    "SCIM211": (
        [ask("POST /Users", user(emails=[{"value": "a@b"}, {"value": "c@d"}]))],
        [ask("POST /Users", user(emails=[{"value": "a@b", "primary": True}, {"value": "c@d"}]))],
    ),
    "SCIM212": (
        [ask("POST /Users", user(emails=[{"value": "a@b", "primary": True}, {"value": "c@d", "primary": True}]))],
        [ask("POST /Users", user(emails=[{"value": "a@b", "primary": True}, {"value": "c@d", "primary": False}]))],
    ),
    "SCIM213": ([ask("POST /Users", user(emails=["a@b"]))], [ask("POST /Users", user(roles=["Lead"]))]),
    "SCIM214": ([ask("POST /Users", user(externalId="left out"))], [ask("POST /Users", user())]),
    "SCIM215": ([ask("POST /Groups", group(displayName="left out"))], [ask("POST /Groups", group())]),
    "SCIM216": ([ask("POST /Users", user(firstName="Ada"))], [ask("POST /Users", user(nickName="Ada"))]),
    "SCIM217": ([ask("POST /Users", user(title=None))], [ask("POST /Users", user(title="Dr"))]),
    "SCIM301": (
        [ask("PATCH /Users/1", {"Operations": [op("replace", "active", False)]})],
        [change(op("replace", "active", False))],
    ),
    "SCIM302": ([ask("PATCH /Users/1", patch())], [change(op("replace", "active", False))]),
    "SCIM303": ([change(op("set", "active", False))], [change(op("add", "active", False))]),
    "SCIM304": ([change(op("Replace", "active", False))], [change(op("replace", "active", False))]),
    "SCIM305": ([crowd(op("remove"))], [crowd(op("remove", "members"))]),
    "SCIM306": (
        [crowd(op("remove", "members", [{"value": "1"}]))],
        [crowd(op("remove", 'members[value eq "1"]'))],
    ),
    "SCIM307": ([change(op("replace", "/active", False))], [change(op("replace", "name.givenName", "Ada"))]),
    "SCIM308": ([crowd(op("remove", "members[value eq U1]"))], [crowd(op("remove", 'members[value eq "U1"]'))]),
    "SCIM309": ([change(op("replace", "active"))], [change(op("remove", "title"))]),
    "SCIM310": ([change(op("replace", None, False))], [change(op("replace", None, {"active": False}))]),
    "SCIM311": (
        [change(op("replace", f"{ENTERPRISE}.department", "x"))],
        [change(op("replace", f"{ENTERPRISE}:department", "x"))],
    ),
    "SCIM312": (
        [ask("GET /Users/1", None, 200, {"id": "1", "active": False}), change(op("replace", "active", False))],
        [ask("GET /Users/1", None, 200, {"id": "1", "active": True}), change(op("replace", "active", False))],
    ),
    "SCIM313": (
        [change(op("replace", path, "x")) for path in ("title", "nickName", "displayName")],
        [change(*(op("replace", path, "x") for path in ("title", "nickName", "displayName")))],
    ),
    "SCIM314": (
        [ask("PATCH /Users/1", patch(op("replace", "active", False)), base="/v1")],
        [ask("PATCH /Users/1", {"schemas": [V1], "active": False}, base="/v1")],
    ),
    "SCIM315": (
        [config(patch={"supported": False}), change(op("replace", "active", False))],
        [config(patch={"supported": True}), change(op("replace", "active", False))],
    ),
    "SCIM401": ([users("filter=userName")], [users("filter=userName%20pr")]),
    "SCIM402": ([users("filter=userName%20eq%20%22a%22b%22")], [users("filter=userName%20eq%20%22a%5C%22b%22")]),
    "SCIM403": ([users("filter=userName%20eq%20ada")], [users("filter=userName%20eq%20%22ada%22")]),
    "SCIM404": ([users('filter=userName eq "ada"')], [users("filter=userName+eq+%22ada%22")]),
    "SCIM405": (
        [users("filter=userName%20eq%20%22ada+test@example.com%22")],
        [users("filter=userName%20eq%20%22ada%2Btest@example.com%22"), users("filter=userName+eq+%22a%2Bb%22")],
    ),
    "SCIM410": ([users("startIndex=0&count=10")], [users("startIndex=1&count=10")]),
    "SCIM411": ([users("startIndex=one")], [users("startIndex=11&count=0")]),
    "SCIM415": (
        [config(filter={"supported": True, "maxResults": 100}), users("count=500")],
        [config(filter={"supported": True, "maxResults": 100}), users("count=100")],
    ),
    "SCIM417": ([users("attributes=id&excludedAttributes=groups")], [users("attributes=id")]),
    "SCIM418": (
        [config(filter={"supported": False}), look()],
        [config(filter={"supported": True}), look()],
    ),
    "SCIM514": ([ask("POST /Users/1", user())], [ask("POST /Users", user())]),
    "SCIM801": ([bulk(ADA, schemas=[LIST])], [bulk(ADA)]),
    "SCIM802": ([bulk({**ADA, "bulkId": None})], [bulk(ADA, {"method": "DELETE", "path": "/Users/1"})]),
    "SCIM803": (
        [bulk({**ADA, "data": {"members": [{"value": "bulkId:b"}]}})],
        [bulk(ADA, {**ADA, "bulkId": "g", "path": "/Groups", "data": group("staff", "bulkId:a")})],
    ),
    "SCIM804": (
        [config(bulk={"supported": True, "maxOperations": 1}), bulk(ADA, {**ADA, "bulkId": "b"})],
        [config(bulk={"supported": True, "maxOperations": 2}), bulk(ADA, {**ADA, "bulkId": "b"})],
    ),
    "SCIM805": (
        [ask("POST /Bulk", {"schemas": [BULK], "Operations": [ADA]}, 200, {"Operations": [{"status": "409"}]})],
        [ask("POST /Bulk", {"schemas": [BULK], "Operations": [ADA]}, 200, {"Operations": [{"status": "409"}]}), look()],
    ),
}
"""Rule -> exchanges that break it, and exchanges that do not."""
__all__ = ["EXAMPLES", "made"]
