"""The table of routes of both versions, and the app around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask

from mock_targets.scim.service import Service
from mock_targets.vendors.slack.discovery import Discovery
from mock_targets.vendors.slack.errors import SlackError
from mock_targets.vendors.slack.groups import Groups
from mock_targets.vendors.slack.turns import Turns
from mock_targets.vendors.slack.users import Users
from mock_targets.vendors.slack.voice import SlackVoice
from mock_targets.wire.app import Route, build_app
from mock_targets.wire.call import Call
from mock_targets.wire.target import Target


def make_app(target: Target) -> Flask:
    """The Flask app of a Slack organisation: `/scim/v1` and `/scim/v2` over the same users and groups."""
    voice = SlackVoice()
    service = Service(on_unknown_member=_refuse_unknown, describe=_describe)
    app = build_app(target, voice, [*_routes(service, voice, "/scim/v1", 1), *_routes(service, voice, "/scim/v2", 2)])
    Turns().install(app)
    return app


def _routes(service: Service, voice: SlackVoice, root: str, version: int) -> Iterable[Route]:
    discovery = Discovery(voice)
    for name in ("ServiceProviderConfigs", "ServiceProviderConfig"):
        yield Route("GET", f"{root}/{name}", "discovery", discovery.config, open=True)
    yield Route("GET", f"{root}/Schemas/<name>", "discovery", discovery.schema, open=True)
    if version == 2:
        yield Route("GET", f"{root}/Schemas", "discovery", discovery.schemas, open=True)
        yield Route("GET", f"{root}/ResourceTypes", "discovery", discovery.resource_types, open=True)
    for word, endpoint, resource in (("user", "Users", Users(service)), ("group", "Groups", Groups(service))):
        every, one = f"{root}/{endpoint}", f"{root}/{endpoint}/<id>"
        for at in (every, f"{every}/"):  # the reference prints the list of groups with a slash
            yield Route("GET", at, f"{word}.list", resource.list)
            yield Route("POST", at, f"{word}.create", resource.create, writes=True)
        yield Route("GET", one, f"{word}.get", resource.read)
        yield Route("PUT", one, f"{word}.replace", resource.replace, writes=True)
        yield Route("PATCH", one, f"{word}.update", resource.update, writes=True)
        yield Route("DELETE", one, f"{word}.delete", resource.delete, writes=True)


def _describe(id: str, extras: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"value": id}


def _refuse_unknown(call: Call, member_id: str) -> None:
    raise SlackError("no_such_group_members")
