"""What real identity providers send: one shape a row, and what each sender means by it.

Ids stand as placeholders, `{u1}` to `{u4}` for users and `{m1}` for a manager; `filled` puts real ones in, so the same
rows can be replayed over HTTP. `needs` names the leniencies that a row asks for: with them the outcome is `after` and
`members_after`; without them the request is refused, unless `without` says what the RFC makes of it instead.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

Json = dict[str, Any]
ID_NAMES = ("u1", "u2", "u3", "u4", "m1", "m2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One request and its meaning. `method` is PATCH, POST (create) or PUT (replace); documents carry no `id`."""

    name: str
    sender: str
    profile: str
    body: Json
    before: Json
    after: Json
    needs: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    members_after: tuple[str, ...] | None = None
    method: str = "PATCH"
    without: Json | None = None

    @property
    def kind(self) -> str:
        """`User` or `Group`."""
        return "Group" if GROUP in self.before["schemas"] else "User"

    @property
    def expected_members(self) -> tuple[str, ...]:
        """Who is in the group afterwards."""
        return self.members if self.members_after is None else self.members_after


def filled(value: Any, ids: Mapping[str, str]) -> Any:
    """The value with real ids in place of the placeholders."""
    text = json.dumps(value)
    for name, id in ids.items():
        text = text.replace("{" + name + "}", id)
    return json.loads(text)


def user(**changes: Any) -> Json:
    """The user most rows begin with; a change to None takes an attribute away, `ent` speaks of the extension."""
    document: Json = {
        "schemas": [USER, ENTERPRISE],
        "userName": "bjensen@example.com",
        "externalId": "ext-1",
        "active": True,
        "displayName": "Babs Jensen",
        "name": {"givenName": "Barbara", "familyName": "Jensen"},
        "emails": [{"value": "bjensen@example.com", "type": "work", "primary": True}],
        ENTERPRISE: {"department": "Tours", "manager": {"value": "{m1}"}},
    }
    if "ent" in changes:
        changes[ENTERPRISE] = {**document[ENTERPRISE], **changes.pop("ent")}
        changes[ENTERPRISE] = {name: value for name, value in changes[ENTERPRISE].items() if value is not None}
    document.update(changes)
    return {name: value for name, value in document.items() if value is not None}


def group(**changes: Any) -> Json:
    """The group most rows begin with."""
    return {"schemas": [GROUP], "displayName": "Tour Guides", "externalId": "grp-1", **changes}


def ops(*operations: Json) -> Json:
    """A PATCH message."""
    return {"schemas": [PATCH], "Operations": list(operations)}


def _user_row(name: str, sender: str, profile: str, *operations: Json, **more: Any) -> Shape:
    before = more.pop("before", user())
    body = more.pop("body", None) or ops(*operations)
    return Shape(name=name, sender=sender, profile=profile, body=body, before=before, **more)


def _group_row(name: str, sender: str, profile: str, *operations: Json, **more: Any) -> Shape:
    before, body = more.pop("before", group()), more.pop("body", None) or ops(*operations)
    after, members = more.pop("after", before), more.pop("members", ("u1", "u2"))
    return Shape(
        name=name, sender=sender, profile=profile, body=body, before=before, after=after, members=members, **more
    )


_WORK = 'emails[type eq "work"].value'
_NEW_EMAIL = [{"value": "new@example.com", "type": "work", "primary": True}]

OKTA = (
    _user_row(
        "okta-deactivate-pathless",
        "Okta",
        "okta",
        {"op": "replace", "value": {"active": False}},
        after=user(active=False),
    ),
    _user_row(
        "okta-activate-pathless",
        "Okta",
        "okta",
        {"op": "replace", "value": {"active": True}},
        before=user(active=False),
        after=user(),
    ),
    _user_row(
        "okta-password-sync",
        "Okta",
        "okta",
        {"op": "replace", "value": {"password": "N3w-Passw0rd"}},
        after=user(password="(set)"),
    ),
    _group_row(
        "okta-rename-group-with-id",
        "Okta",
        "okta",
        {"op": "replace", "value": {"id": "abf4dd94-a4c0-4f67-89c9-76b03340cb9b", "displayName": "Guides"}},
        needs=("ignores_read_only",),
        after=group(displayName="Guides"),
    ),
    _group_row(
        "okta-push-empty-group",
        "Okta",
        "okta",
        {"op": "replace", "value": {"members": [], "id": "org-cd1:viewer", "displayName": "org-cd1:viewer"}},
        needs=("ignores_read_only",),
        after=group(displayName="org-cd1:viewer"),
        members_after=(),
    ),
    _group_row(
        "okta-replace-members-with-display",
        "Okta",
        "okta",
        {
            "op": "replace",
            "path": "members",
            "value": [{"value": "{u3}", "display": "u3@example.com"}, {"value": "{u1}", "display": "u1@example.com"}],
        },
        members_after=("u3", "u1"),
    ),
    _group_row(
        "okta-replace-members-empty-list",
        "Okta",
        "okta",
        {"op": "replace", "path": "members", "value": []},
        members_after=(),
    ),
    _group_row(
        "okta-remove-then-add-members",
        "Okta",
        "okta",
        {"op": "remove", "path": 'members[value eq "{u1}"]'},
        {"op": "add", "path": "members", "value": [{"value": "{u3}", "display": "test.user@okta.local"}]},
        members_after=("u2", "u3"),
    ),
    _group_row(
        "okta-remove-absent-member",
        "Okta",
        "okta",
        {"op": "remove", "path": 'members[value eq "{u4}"]'},
        needs=("remove_absent",),
    ),
    _user_row(
        "okta-create-with-empty-groups",
        "Okta",
        "okta",
        method="POST",
        body={
            "schemas": [USER],
            "userName": "olive@example.com",
            "name": {"givenName": "Olive", "familyName": "Okta"},
            "emails": [{"primary": True, "value": "olive@example.com", "type": "work"}],
            "displayName": "Olive Okta",
            "locale": "en-US",
            "externalId": "00u1abcd",
            "groups": [],
            "password": "1mz050nq",
            "active": True,
        },
        after={
            "schemas": [USER],
            "userName": "olive@example.com",
            "name": {"givenName": "Olive", "familyName": "Okta"},
            "emails": [{"primary": True, "value": "olive@example.com", "type": "work"}],
            "displayName": "Olive Okta",
            "locale": "en-US",
            "externalId": "00u1abcd",
            "password": "(set)",
            "active": True,
        },
    ),
    _user_row(
        "okta-put-with-id-and-meta",
        "Okta",
        "okta",
        method="PUT",
        body={
            **user(displayName="Barbara J"),
            "id": "23a35c27-23d3-4c03-b4c5-6443c09e7173",
            "meta": {"resourceType": "User"},
            "groups": [],
        },
        after=user(displayName="Barbara J"),
    ),
    _user_row(
        "okta-put-with-empty-manager",
        "Okta",
        "okta",
        method="PUT",
        needs=("clears_with_empty_string",),
        body=user(title="", ent={"manager": {"value": "", "displayName": ""}}),
        after=user(ent={"manager": None}),
        without=user(title="", ent={"manager": {"value": ""}}),
    ),
    _user_row(
        "okta-put-with-custom-app-schema",
        "Okta",
        "okta",
        method="PUT",
        needs=("foreign_schemas",),
        body={
            **user(),
            "schemas": [USER, ENTERPRISE, "urn:okta:onprem_app:1.0:user:custom"],
            "urn:okta:onprem_app:1.0:user:custom": {"isAdmin": False},
        },
        after=user(),
    ),
)

ENTRA_LEGACY = (
    _user_row(
        "entra-legacy-disable",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Replace", "path": "active", "value": "False"},
        needs=("any_case_operations", "string_booleans"),
        after=user(active=False),
    ),
    _user_row(
        "entra-legacy-add-nickname",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Add", "path": "nickName", "value": "Babs"},
        needs=("any_case_operations",),
        after=user(nickName="Babs"),
    ),
    _user_row(
        "entra-legacy-replace-many",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Replace", "path": "displayName", "value": "Pvlo"},
        {"op": "Replace", "path": _WORK, "value": "new@example.com"},
        {"op": "Replace", "path": "name.givenName", "value": "Gtfd"},
        {"op": "Replace", "path": "name.familyName", "value": "Pkqf"},
        {"op": "Replace", "path": "externalId", "value": "Eqpj"},
        {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "Eqpj"},
        needs=("any_case_operations",),
        after=user(
            displayName="Pvlo",
            emails=_NEW_EMAIL,
            name={"givenName": "Gtfd", "familyName": "Pkqf"},
            externalId="Eqpj",
            ent={"employeeNumber": "Eqpj"},
        ),
    ),
    _user_row(
        "entra-legacy-manager-bare-string",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "{m2}"},
        needs=("any_case_operations", "bare_complex_values"),
        after=user(ent={"manager": {"value": "{m2}"}}),
    ),
    _user_row(
        "entra-legacy-remove-manager",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Remove", "path": f"{ENTERPRISE}:manager"},
        needs=("any_case_operations",),
        after=user(ent={"manager": None}),
    ),
    _user_row(
        "entra-legacy-clear-manager-with-empty-string",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": ""},
        needs=("any_case_operations", "clears_with_empty_string"),
        after=user(ent={"manager": None}),
    ),
    _user_row(
        "entra-legacy-remove-manager-with-value",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Remove", "path": f"{ENTERPRISE}:manager", "value": "{m1}"},
        needs=("any_case_operations", "remove_with_value"),
        after=user(ent={"manager": None}),
    ),
    _user_row(
        "entra-legacy-add-missing-work-email",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Add", "path": _WORK, "value": "new@example.com"},
        before=user(emails=None),
        needs=("any_case_operations", "creates_missing_values"),
        after=user(emails=[{"type": "work", "value": "new@example.com"}]),
    ),
    _user_row(
        "entra-legacy-replace-missing-address",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Replace", "path": 'addresses[type eq "work"].formatted', "value": "18/2111"},
        {"op": "Add", "path": 'addresses[type eq "work"].locality', "value": "Hollywood"},
        needs=("any_case_operations", "creates_missing_values"),
        after=user(addresses=[{"type": "work", "formatted": "18/2111", "locality": "Hollywood"}]),
    ),
    _user_row(
        "entra-legacy-add-mobile-phone",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "+1 555 0100"},
        before=user(phoneNumbers=[{"type": "work", "value": "+1 555 0101"}]),
        needs=("any_case_operations", "creates_missing_values"),
        after=user(phoneNumbers=[{"type": "work", "value": "+1 555 0101"}, {"type": "mobile", "value": "+1 555 0100"}]),
    ),
    _user_row(
        "entra-legacy-app-role-primary-string",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Add", "path": 'roles[primary eq "True"].value', "value": "Admin"},
        needs=("any_case_operations", "creates_missing_values"),
        after=user(roles=[{"primary": True, "value": "Admin"}]),
    ),
    _user_row(
        "entra-legacy-app-role-objects",
        "Entra, default PATCH",
        "entra_legacy",
        {
            "op": "Add",
            "path": "roles",
            "value": [
                {"primary": "False", "type": "WindowsAzureActiveDirectoryRole", "display": "Admin", "value": "Admin"}
            ],
        },
        needs=("any_case_operations", "string_booleans"),
        after=user(
            roles=[{"primary": False, "type": "WindowsAzureActiveDirectoryRole", "display": "Admin", "value": "Admin"}]
        ),
    ),
    _user_row(
        "entra-legacy-value-in-reference-list",
        "Entra, 2017 PATCH",
        "entra_legacy",
        {"op": "Replace", "path": "displayName", "value": [{"$ref": None, "value": "User X"}]},
        needs=("any_case_operations", "list_for_single", "value_objects"),
        after=user(displayName="User X"),
    ),
    _user_row(
        "entra-legacy-manager-in-reference-list",
        "Entra, 2017 PATCH",
        "entra_legacy",
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": [{"$ref": None, "value": "{m2}"}]},
        needs=("any_case_operations", "list_for_single"),
        after=user(ent={"manager": {"value": "{m2}"}}),
    ),
    _group_row(
        "entra-legacy-add-member",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Add", "path": "members", "value": [{"$ref": None, "value": "{u3}"}]},
        needs=("any_case_operations",),
        members_after=("u1", "u2", "u3"),
    ),
    _group_row(
        "entra-legacy-remove-member-by-value",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": "{u1}"}]},
        needs=("any_case_operations", "remove_with_value"),
        members_after=("u2",),
    ),
    _group_row(
        "entra-legacy-remove-several-members",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Remove", "path": "members", "value": [{"value": "{u1}"}, {"value": "{u2}"}]},
        needs=("any_case_operations", "remove_with_value"),
        members_after=(),
    ),
    _group_row(
        "entra-legacy-remove-absent-member",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Remove", "path": "members", "value": [{"value": "{u4}"}]},
        needs=("any_case_operations", "remove_with_value"),
    ),
    _group_row(
        "entra-legacy-rename-group",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Replace", "path": "displayName", "value": "Guides"},
        needs=("any_case_operations",),
        after=group(displayName="Guides"),
    ),
    _user_row(
        "entra-legacy-remove-title-with-value",
        "Entra, default PATCH",
        "entra_legacy",
        {"op": "Remove", "path": "title", "value": "Guide"},
        before=user(title="Guide"),
        needs=("any_case_operations", "remove_with_value"),
        after=user(),
    ),
)

ENTRA = (
    _user_row(
        "entra-disable",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "replace", "path": "active", "value": False},
        after=user(active=False),
    ),
    _user_row(
        "entra-replace-many-dotted-and-urn-keys",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "replace", "path": _WORK, "value": "new@example.com"},
        {
            "op": "replace",
            "value": {
                "displayName": "Bjfe",
                "name.givenName": "Kkom",
                "name.familyName": "Unua",
                f"{ENTERPRISE}:employeeNumber": "Aklq",
            },
        },
        needs=("dotted_keys",),
        after=user(
            emails=_NEW_EMAIL,
            displayName="Bjfe",
            name={"givenName": "Kkom", "familyName": "Unua"},
            ent={"employeeNumber": "Aklq"},
        ),
    ),
    _user_row(
        "entra-add-pathless-with-extension-object",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "add", "value": {"title": "Guide", ENTERPRISE: {"costCenter": "4130"}}},
        after=user(title="Guide", ent={"costCenter": "4130"}),
    ),
    _user_row(
        "entra-manager-urn-key-bare-string",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "add", "value": {f"{ENTERPRISE}:manager": "{m2}"}},
        needs=("dotted_keys", "bare_complex_values"),
        after=user(ent={"manager": {"value": "{m2}"}}),
    ),
    _user_row(
        "entra-value-path-as-key",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "add", "value": {_WORK: "new@example.com", 'phoneNumbers[type eq "work"].value': "+1 555 0100"}},
        before=user(emails=None),
        needs=("dotted_keys", "creates_missing_values"),
        after=user(
            emails=[{"type": "work", "value": "new@example.com"}],
            phoneNumbers=[{"type": "work", "value": "+1 555 0100"}],
        ),
    ),
    _user_row(
        "entra-replace-missing-work-email",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "replace", "path": _WORK, "value": "new@example.com"},
        before=user(emails=[{"type": "home", "value": "home@example.com"}]),
        needs=("creates_missing_values",),
        after=user(
            emails=[{"type": "home", "value": "home@example.com"}, {"type": "work", "value": "new@example.com"}]
        ),
    ),
    _user_row(
        "entra-clear-work-email",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "replace", "path": _WORK, "value": ""},
        needs=("clears_with_empty_string", "creates_missing_values"),
        after=user(emails=None),
        without=user(emails=[{"value": "", "type": "work", "primary": True}]),
    ),
    _user_row(
        "entra-remove-absent-work-phone",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "remove", "path": 'phoneNumbers[type eq "work"].value'},
        needs=("remove_absent",),
        after=user(),
    ),
    _user_row(
        "entra-remove-work-email-value",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "remove", "path": _WORK},
        needs=("creates_missing_values",),
        after=user(emails=None),
        without=user(emails=[{"type": "work", "primary": True}]),
    ),
    _user_row(
        "entra-manager-value-null",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": {"value": None}},
        after=user(ent={"manager": None}),
    ),
    _user_row(
        "entra-custom-extension-urn-path",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "add", "path": "urn:ietf:params:scim:schemas:extension:CustomExt:2.0:User:tag", "value": "blue"},
        {"op": "replace", "path": "title", "value": "Guide"},
        needs=("foreign_schemas",),
        after=user(title="Guide"),
    ),
    _user_row(
        "entra-create-with-windows-azure-schema",
        "Entra",
        "entra",
        method="POST",
        needs=("foreign_schemas",),
        body={
            "schemas": [USER, ENTERPRISE, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/User"],
            "userName": "test@example.com",
            "active": True,
            "emails": [{"primary": True, "type": "work", "value": "test@example.com"}],
            "meta": {"resourceType": "User"},
            "name": {"formatted": "given family", "familyName": "family", "givenName": "given"},
            "roles": [],
        },
        after={
            "schemas": [USER],
            "userName": "test@example.com",
            "active": True,
            "emails": [{"primary": True, "type": "work", "value": "test@example.com"}],
            "name": {"formatted": "given family", "familyName": "family", "givenName": "given"},
        },
    ),
    _user_row(
        "entra-create-with-bare-manager-and-string-active",
        "Entra",
        "entra",
        method="POST",
        needs=("bare_complex_values", "string_booleans"),
        body={
            "schemas": [USER, ENTERPRISE],
            "userName": "ella@example.com",
            "active": "True",
            ENTERPRISE: {"employeeNumber": "42", "manager": "{m1}"},
        },
        after={
            "schemas": [USER, ENTERPRISE],
            "userName": "ella@example.com",
            "active": True,
            ENTERPRISE: {"employeeNumber": "42", "manager": {"value": "{m1}"}},
        },
    ),
    _group_row(
        "entra-remove-member-by-path",
        "Entra, aadOptscim062020",
        "entra",
        {"op": "remove", "path": 'members[value eq "{u1}"]'},
        members_after=("u2",),
    ),
    _user_row(
        "entra-validator-empty-operations",
        "Microsoft SCIM validator",
        "entra",
        body=ops(),
        needs=("empty_operations",),
        after=user(),
    ),
    _user_row(
        "entra-validator-employee-number-as-number",
        "Microsoft SCIM validator",
        "entra",
        {"op": "replace", "path": f"{ENTERPRISE}:employeeNumber", "value": 701984},
        needs=("loose_types",),
        after=user(ent={"employeeNumber": "701984"}),
    ),
)

AUTHENTIK = (
    _group_row(
        "authentik-update-group-whole-value",
        "authentik",
        "authentik",
        {
            "op": "replace",
            "value": {"schemas": [GROUP], "id": "7d8f", "displayName": "Guides", "externalId": "pk-1"},
        },
        needs=("ignores_read_only",),
        after=group(displayName="Guides", externalId="pk-1"),
    ),
    _group_row(
        "authentik-remove-member-by-value",
        "authentik",
        "authentik",
        {"op": "remove", "path": "members", "value": [{"value": "{u1}"}]},
        needs=("remove_with_value",),
        members_after=("u2",),
    ),
    _group_row(
        "authentik-add-and-remove-one-operation-each",
        "authentik",
        "authentik",
        {"op": "add", "path": "members", "value": [{"value": "{u3}"}]},
        {"op": "add", "path": "members", "value": [{"value": "{u4}"}]},
        {"op": "remove", "path": "members", "value": [{"value": "{u2}"}]},
        needs=("remove_with_value",),
        members_after=("u1", "u3", "u4"),
    ),
    _group_row(
        "authentik-null-path",
        "authentik",
        "authentik",
        {"op": "replace", "path": None, "value": {"displayName": "Guides"}},
        after=group(displayName="Guides"),
    ),
    _group_row(
        "authentik-members-with-display-name",
        "authentik",
        "authentik",
        {"op": "add", "path": "members", "value": [{"value": "{u3}", "displayName": "User Three"}]},
        needs=("member_extras",),
        members_after=("u1", "u2", "u3"),
    ),
)

SYNCS = (
    _group_row(
        "aws-add-member",
        "ssosync and other AWS syncs",
        "aws_sync",
        {"op": "add", "path": "members", "value": [{"value": "{u3}"}]},
        members_after=("u1", "u2", "u3"),
    ),
    _group_row(
        "aws-remove-member-by-value",
        "ssosync and other AWS syncs",
        "aws_sync",
        {"op": "remove", "path": "members", "value": [{"value": "{u2}"}]},
        needs=("remove_with_value",),
        members_after=("u1",),
    ),
    _user_row(
        "aws-lower-case-operations-key",
        "AWS syncs, other scripts",
        "aws_sync",
        body={"schemas": [PATCH], "operations": [{"op": "replace", "path": "active", "value": False}]},
        needs=("any_case_keys",),
        after=user(active=False),
    ),
    _group_row(
        "aws-operations-without-schemas",
        "AWS syncs, other scripts",
        "aws_sync",
        body={"Operations": [{"op": "add", "path": "members", "value": [{"value": "{u3}"}]}]},
        needs=("loose_patch_schemas",),
        members_after=("u1", "u2", "u3"),
    ),
    _group_row(
        "aws-put-group-without-schemas",
        "AWS syncs, other scripts",
        "aws_sync",
        method="PUT",
        body={"displayName": "Guides", "members": [{"value": "{u3}"}]},
        needs=("missing_schemas",),
        after={"schemas": [GROUP], "displayName": "Guides"},
        members_after=("u3",),
    ),
    _group_row(
        "aws-add-single-member-object",
        "AWS syncs, other scripts",
        "aws_sync",
        {"op": "add", "path": "members", "value": {"value": "{u3}"}},
        members_after=("u1", "u2", "u3"),
    ),
    _group_row(
        "aws-replace-with-single-member-object",
        "AWS syncs, other scripts",
        "aws_sync",
        {"op": "replace", "path": "members", "value": {"value": "{u3}"}},
        needs=("single_for_list",),
        members_after=("u3",),
    ),
    _user_row(
        "script-extension-attribute-behind-a-dot",
        "Python and shell scripts",
        "tolerant",
        {"op": "replace", "path": f"{ENTERPRISE}.employeeNumber", "value": "702"},
        needs=("dotted_extension_paths",),
        after=user(ent={"employeeNumber": "702"}),
    ),
    _user_row(
        "google-suspend-string-boolean",
        "Google directory syncs",
        "google_sync",
        {"op": "replace", "path": "active", "value": "false"},
        needs=("string_booleans",),
        after=user(active=False),
    ),
    _user_row(
        "google-unknown-attributes-in-put",
        "Google directory syncs",
        "google_sync",
        method="PUT",
        body={**user(displayName="Barbara"), "orgUnitPath": "/", "isAdmin": False},
        needs=("ignores_unknown_attributes",),
        after=user(displayName="Barbara"),
    ),
    _group_row(
        "google-members-as-bare-ids",
        "Google directory syncs",
        "google_sync",
        {"op": "replace", "path": "members", "value": ["{u3}", "{u4}"]},
        needs=("bare_complex_values",),
        members_after=("u3", "u4"),
    ),
    _group_row(
        "google-members-with-email",
        "Google directory syncs",
        "google_sync",
        {"op": "add", "path": "members", "value": [{"value": "{u3}", "email": "u3@example.com", "type": "User"}]},
        needs=("member_extras",),
        members_after=("u1", "u2", "u3"),
    ),
    _user_row(
        "google-emails-as-strings",
        "Google directory syncs",
        "google_sync",
        {"op": "replace", "path": "emails", "value": ["g@example.com"]},
        needs=("bare_complex_values",),
        after=user(emails=[{"value": "g@example.com"}]),
    ),
)

OTHERS = (
    _user_row(
        "ping-put-with-null-attributes",
        "Ping",
        "rfc",
        method="PUT",
        body={**user(), "title": None, "phoneNumbers": [], ENTERPRISE: {"department": "Tours", "manager": None}},
        after=user(ent={"manager": None}),
    ),
    _user_row(
        "ping-clear-external-id-with-null",
        "Ping",
        "rfc",
        {"op": "replace", "path": "externalId", "value": None},
        after=user(externalId=None),
    ),
    _user_row(
        "ping-emails-without-type",
        "Ping",
        "rfc",
        {"op": "replace", "path": "emails", "value": [{"value": "new@example.com", "primary": True}]},
        after=user(emails=[{"value": "new@example.com", "primary": True}]),
    ),
    _user_row(
        "onelogin-replace-with-urn-qualified-core-path",
        "OneLogin",
        "rfc",
        {"op": "replace", "path": f"{USER}:displayName", "value": "Barbara"},
        after=user(displayName="Barbara"),
    ),
    _user_row(
        "onelogin-add-whole-extension",
        "OneLogin",
        "rfc",
        {"op": "add", "path": ENTERPRISE, "value": {"employeeNumber": "7", "department": "Ops"}},
        after=user(ent={"employeeNumber": "7", "department": "Ops"}),
    ),
    _group_row(
        "onelogin-replace-members-of-type",
        "OneLogin",
        "rfc",
        {"op": "replace", "path": "members", "value": [{"value": "{u3}", "type": "User"}]},
        members_after=("u3",),
    ),
    _user_row(
        "jumpcloud-pathless-list-of-one",
        "JumpCloud",
        "tolerant",
        {"op": "replace", "value": [{"active": False}]},
        needs=("list_for_single",),
        after=user(active=False),
    ),
    _user_row(
        "jumpcloud-empty-path",
        "JumpCloud",
        "tolerant",
        {"op": "replace", "path": "", "value": {"active": False}},
        needs=("empty_path",),
        after=user(active=False),
    ),
    _user_row(
        "script-json-string-value",
        "scripts that serialise twice",
        "tolerant",
        {"op": "replace", "value": '{"active": false, "title": "Guide"}'},
        needs=("json_string_values",),
        after=user(active=False, title="Guide"),
    ),
    _user_row(
        "script-json-pointer-path",
        "scripts written for JSON Patch",
        "tolerant",
        {"op": "replace", "path": "/displayName", "value": "Barbara"},
        needs=("empty_path",),
        after=user(displayName="Barbara"),
    ),
    _user_row(
        "github-docs-single-quoted-path",
        "examples with single quotes",
        "tolerant",
        {"op": "replace", "path": "emails[type eq 'work'].value", "value": "new@example.com"},
        needs=("loose_quotes",),
        after=user(emails=_NEW_EMAIL),
    ),
    _group_row(
        "script-unquoted-member-id",
        "examples without quotes",
        "tolerant",
        {"op": "remove", "path": "members[value eq {u1}]"},
        needs=("loose_quotes",),
        members_after=("u2",),
    ),
    _group_row(
        "script-members-by-reference",
        "scripts that know URLs only",
        "tolerant",
        {"op": "add", "path": "members", "value": [{"$ref": "https://example.com/v2/Users/{u3}"}]},
        needs=("member_references",),
        members_after=("u1", "u2", "u3"),
    ),
    _group_row(
        "script-members-by-id",
        "scripts that send whole users",
        "tolerant",
        {"op": "add", "path": "members", "value": [{"id": "{u3}"}]},
        needs=("member_references",),
        members_after=("u1", "u2", "u3"),
    ),
    _group_row(
        "script-add-by-value-path",
        "scripts that turn the removal around",
        "tolerant",
        {"op": "add", "path": 'members[value eq "{u3}"]', "value": {"display": "User Three"}},
        needs=("creates_missing_values",),
        members_after=("u1", "u2", "u3"),
    ),
    _group_row(
        "script-add-members-value",
        "scripts that name the sub-attribute",
        "tolerant",
        {"op": "add", "path": "members.value", "value": "{u3}"},
        needs=("bare_complex_values",),
        members_after=("u1", "u2", "u3"),
    ),
    _user_row(
        "script-single-operation-object",
        "scripts that send one operation bare",
        "tolerant",
        body={"schemas": [PATCH], "Operations": {"op": "replace", "path": "active", "value": False}},
        needs=("single_for_list",),
        after=user(active=False),
    ),
    _user_row(
        "script-words-capitalised",
        "scripts that serialise class properties",
        "tolerant",
        body={"Schemas": [PATCH], "Operations": [{"Op": "replace", "Path": "active", "Value": False}]},
        needs=("any_case_keys",),
        after=user(active=False),
    ),
    _user_row(
        "script-single-email-object",
        "scripts that send one email bare",
        "tolerant",
        {"op": "replace", "path": "emails", "value": {"value": "new@example.com", "type": "work", "primary": True}},
        needs=("single_for_list",),
        after=user(emails=_NEW_EMAIL),
    ),
    _user_row(
        "script-remove-listed-email",
        "scripts that remove by value",
        "tolerant",
        {"op": "remove", "path": "emails", "value": [{"value": "home@example.com"}]},
        before=user(emails=[*user()["emails"], {"value": "home@example.com", "type": "home"}]),
        needs=("remove_with_value",),
        after=user(),
    ),
    _user_row(
        "rfc-new-primary-unsets-the-old",
        "any",
        "rfc",
        {"op": "add", "path": "emails", "value": [{"value": "new@example.com", "type": "home", "primary": True}]},
        after=user(
            emails=[
                {"value": "bjensen@example.com", "type": "work", "primary": False},
                {"value": "new@example.com", "type": "home", "primary": True},
            ]
        ),
    ),
)

SHAPES = (*OKTA, *ENTRA_LEGACY, *ENTRA, *AUTHENTIK, *SYNCS, *OTHERS)
