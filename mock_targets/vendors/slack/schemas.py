"""The attributes that Slack's schemas list, for both versions, the URNs that each version calls them by, and discovery.

Sources: the `Schemas/Users`, `Schemas/Groups` and `ServiceProviderConfigs` answers of version 1 that go-slack-scimapi's
tests embed; https://docs.slack.dev/reference/scim-api#serviceproviderconfigs; python-slack-scim. No schema of version 2
is public: they are derived. `active` is a string, filters are denied although they work, and lists lack their counts.
"""

from __future__ import annotations

from dataclasses import replace

from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.scim.attribute_text import Json, attributes_from
from provcheck.mock_targets.scim.catalog import (
    ENTERPRISE_URN,
    GROUP_URN,
    SCHEMA_URN,
    USER_URN,
    CustomExtension,
    catalog_of,
    core_part,
)
from provcheck.mock_targets.scim.discovery import Discovery
from provcheck.mock_targets.scim.discovery1 import Discovery1, attribute_row
from provcheck.mock_targets.scim.grammar import OPERATORS, Grammar
from provcheck.mock_targets.scim.schema import Spelling

GUEST = "urn:ietf:params:scim:schemas:extension:slack:guest:2.0:User"
DIRECTORY = "urn:ietf:params:scim:schemas:extension:slack:directory:2.0:User"
PROFILE = "urn:ietf:params:scim:schemas:extension:slack:profile:2.0:User"
CORE_1 = "urn:scim:schemas:core:1.0"
VERSION_1 = {
    **dict.fromkeys((USER_URN, GROUP_URN), CORE_1),
    ENTERPRISE_URN: "urn:scim:schemas:extension:enterprise:1.0",
    GUEST: "urn:scim:schemas:extension:slack:guest:1.0",
    PROFILE: "urn:scim:schemas:extension:slack:profile:1.0",
}
"""What version 1 calls the same thing. Documents speak version 2; version 1 is translated at the edge."""
_GUEST_AS_WELL = "urn:scim:schemas:extension:slack:guest:2.0:user"  # in one sentence of the reference
_OPS = OPERATORS - {"ne", "ew"}
GRAMMAR = Grammar(
    single_quotes=True,
    bare_values=True,
    typed=False,
    operators=_OPS,
    has_not=False,
    has_brackets=False,
    max_terms=100,
)
"""More is read than the RFC knows (values in single quotes or bare, `restricted eq 1`) and less (no `not`, no `ne`).
Source: https://docs.slack.dev/reference/scim-api#filter; a junk filter was seen answered with `no_filters`."""

_USER = """
id userName name.familyName,givenName,honorificPrefix nickName displayName profileUrl userType title preferredLanguage
locale timezone active password emails.value,type,primary photos.value,type,primary groups.value,display
addresses.streetAddress,locality,region,postalCode,country,type,primary phoneNumbers.value,type,primary
roles.value,type,primary
"""
_GROUP = "id displayName members.value,display"
_ENTERPRISE = "employeeNumber costCenter organization division department"
_READ_ONLY = {"mutability": "readOnly"}
_TEXT = {"type": "string"}
_TEXTS = {"profileUrl": _TEXT, "photos.value": _TEXT}

_MANAGER = attributes_from("manager complex | The person's manager.\n  managerId | The manager's id.")
_GUEST = attributes_from("type ! (multi) | The kind of guest.\nexpiration | When the guest's account ends.")
_EXTENSIONS: tuple[Json, ...] = (
    core_part(ENTERPRISE_URN, _ENTERPRISE, more=_MANAGER),
    {"id": GUEST, "name": "SlackGuestUser", "attributes": _GUEST},
    {"id": DIRECTORY, "name": "SlackDirectoryUser", "attributes": []},
    {"id": PROFILE, "name": "SlackProfileUser", "attributes": attributes_from("startDate | The person's first day.")},
)
_NEEDED = ("id", "userName", "emails", "emails.value", "photos.value", "phoneNumbers.value")
_SHOWN = (
    core_part(USER_URN, _USER, _NEEDED, {**_TEXTS, "active": _TEXT}),
    core_part(GROUP_URN, _GROUP, ("id", "displayName", "members", "members.value"), {"displayName": _READ_ONLY}),
)
DOCUMENTS: dict[str, Json] = {document["id"]: document for document in (*_SHOWN, *_EXTENSIONS)}
"""The schemas as they are shown."""
_BESIDE = """
restricted rm | Whether a guest, as filters ask it.
ultra_restricted rm | Whether a guest of a single channel, who cannot be made by SCIM.
hasCustomFields boolean | Whether the person was ever given a custom profile field, which decides the form of answers.
"""
CATALOG = replace(
    catalog_of(
        core_part(USER_URN, _USER, ("userName", "active"), _TEXTS, attributes_from(_BESIDE)),
        core_part(GROUP_URN, _GROUP, ("displayName",), more=attributes_from("externalId r | Kept by seeds alone.")),
        [CustomExtension("User", document) for document in _EXTENSIONS],
        spelling=Spelling(
            aliases={"address": "addresses", "email": "emails"},  # an example of the reference; a client's filter
            urns={**{urn_1: urn for urn, urn_1 in VERSION_1.items()}, CORE_1: None, _GUEST_AS_WELL: GUEST},
            grammar=GRAMMAR,
        ),
    ),
    schema_documents={urn: {"schemas": [SCHEMA_URN], **DOCUMENTS[urn]} for urn in VERSION_1},
)
"""What is kept, where other attributes are required than the schemas say, and what is shown."""
_PATHS = {"/ServiceProviderConfigs": "config", "/ServiceProviderConfig": "config", "/Schemas/<name>": "schema"}
_OAUTH_DRAFT = "http://tools.ietf.org/html/draft-ietf-oauth-v2-bearer-01"


class SlackDiscovery(Discovery):
    """The discovery documents of version 2; the configuration is the same in both versions."""

    by_endpoint = True
    paths = _PATHS | {"/ResourceTypes": "resource_types", "/Schemas": "schemas"}

    def config(self, request: Request) -> Answer:
        """What the API can do, by its own account; neither `schemas` nor `meta`."""
        body = Discovery1(self.dialect).config(request).body
        recorded = {
            "authenticationSchemes": [{**scheme, "specUrl": _OAUTH_DRAFT} for scheme in body["authenticationSchemes"]],
            "patch": {"supported": request.behaviour.announces_patch},
            "filter": {"supported": False, "maxResults": 0},
        }
        return request.answer(200, {key: body[key] for key in body if key not in ("schemas", "meta")} | recorded)

    def resource_types(self, request: Request) -> Answer:
        """The kinds of resource; a list without counts."""
        body = super().resource_types(request).body
        return request.answer(200, {key: body[key] for key in ("schemas", "Resources")})


class SlackDiscovery1(SlackDiscovery):
    """The discovery documents of version 1."""

    paths = _PATHS

    def schema(self, request: Request, name: str) -> Answer:
        """The schema of users or of groups: extensions are rows of it. Raises NotFound."""
        schema = self.dialect.schema(request, self.kind(name))
        rows = _rows(schema.urn)
        shown = {"name": schema.kind, "description": f"Core {schema.kind}", "endpoint": f"/{name}", "attributes": rows}
        if schema.urn != USER_URN:
            return request.answer(200, {**shown, "schema": CORE_1})
        rows += [_extension(urn) for urn in (ENTERPRISE_URN, GUEST)]
        urns = [CORE_1, VERSION_1[ENTERPRISE_URN]]
        return request.answer(200, {"id": f"{CORE_1}:User", **shown, "schema": urns})


def _rows(urn: str) -> list[Json]:
    return [attribute_row(row, VERSION_1[urn]) for row in DOCUMENTS[urn]["attributes"]]


def _extension(urn: str) -> Json:
    """An extension as a row. That of enterprises is recorded as multi-valued, and its manager as a single object."""
    rows, name = _rows(urn), VERSION_1[urn]
    for row in rows:
        if row["name"] == "manager":
            row["subAttributes"] = row["subAttributes"][0]
    row = attribute_row({"name": name, "type": "complex", "description": DOCUMENTS[urn]["name"]}, name)
    return {**row, "multiValued": urn == ENTERPRISE_URN, "subAttributes": rows}
