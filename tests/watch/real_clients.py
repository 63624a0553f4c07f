"""Clients that other people wrote, each doing a small sync against a served target."""

from __future__ import annotations

from githubkit import GitHub
from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_models import Email, Group, GroupMember, PatchOp, PatchOperation, ScimProvider, SearchRequest, User
from slack_sdk.scim.v1.client import SCIMClient
from slack_sdk.scim.v1.group import Group as SlackGroup
from slack_sdk.scim.v1.group import GroupMember as SlackMember
from slack_sdk.scim.v1.user import User as SlackUser
from slack_sdk.scim.v1.user import UserEmail, UserName

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def slack_sdk(target) -> None:
    """Two people and a group with slack_sdk: created, read, written back, turned off."""
    sdk = SCIMClient(token=target.token, base_url=target.handle.urls["v1"] + "/")
    made = []
    for name in ("ada", "bob"):
        sdk.search_users(count=1, start_index=1, filter=f'userName eq "{name}"')
        emails = [UserEmail(value=f"{name}@example.com", primary=True)]
        made.append(sdk.create_user(SlackUser(user_name=name, name=UserName("Ada", "Love"), emails=emails)).user.id)
    group = sdk.create_group(SlackGroup(display_name="staff", members=[SlackMember(value=id) for id in made])).group
    sdk.read_group(group.id)
    ada = sdk.read_user(made[0]).user
    ada.title = "Dr"
    sdk.update_user(ada)
    sdk.delete_user(made[1])


def githubkit(target) -> None:
    """Two people and a group with githubkit, which leaves what is sent to its caller."""
    options = {"http_cache": False, "auto_retry": False, "rest_api_validate_body": False, "trust_env": False}
    with GitHub(target.token, base_url=target.handle.target.base_url, **options) as client:
        emu = client.rest("ghec-2022-11-28").enterprise_admin
        ids = []
        for name in ("mona", "hubot"):
            emu.list_provisioned_identities_enterprise("acme", filter_=f'userName eq "{name}"')
            ids.append(emu.provision_enterprise_user("acme", data=_github_user(name)).parsed_data.id)
        members = [{"value": id, "displayName": id} for id in ids]
        staff = {"schemas": [GROUP], "externalId": "g-1", "displayName": "staff", "members": members}
        emu.list_provisioned_groups_enterprise("acme", filter_='displayName eq "staff"')
        emu.provision_enterprise_group("acme", data=staff)
        off = {"schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": False}]}
        emu.update_attribute_for_enterprise_user(ids[0], "acme", data=off)
        emu.delete_user_from_enterprise(ids[1], "acme")


def _github_user(name: str) -> dict:
    emails = [{"value": f"{name}@example.com", "type": "work", "primary": True}]
    words = {"userName": name, "externalId": f"x-{name}", "displayName": name, "active": True}
    return {"schemas": [USER], **words, "emails": emails, "roles": [{"value": "user"}]}


def scim2_client(target) -> None:
    """Two people and a group with scim2-client: discovery, look-ups, PUT and PATCH."""
    headers = {"Authorization": f"Bearer {target.token}"}
    with Client(base_url=target.base_url, headers=headers, trust_env=False) as http:
        scim = SyncSCIMClient(http, provider=ScimProvider(models=[User, Group]))
        scim.discover()
        made = []
        for name in ("ada", "bob"):
            scim.query(User, query_parameters=SearchRequest(filter=f'userName eq "{name}"'))
            emails = [Email(value=f"{name}@example.com", type="work", primary=True)]
            made.append(scim.create(User(user_name=name, external_id=f"u-{name}", emails=emails)))
        members = [GroupMember(value=each.id) for each in made]
        scim.query(Group, query_parameters=SearchRequest(filter='displayName eq "staff"'))
        group = scim.create(Group(display_name="staff", members=members))
        made[0].title = "Dr"
        scim.replace(made[0])
        operation = PatchOperation(op=PatchOperation.Op.replace_, path="displayName", value="everybody")
        scim.modify(Group, group.id, PatchOp[Group](operations=[operation]))
        scim.delete(User, made[1].id)
