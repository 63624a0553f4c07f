"""The table of routes of both versions, and the app around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask

from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.pipeline import Route, build_app
from provcheck.mock_targets.operations.write_service import Service
from provcheck.mock_targets.target.target import Target
from provcheck.mock_targets.vendors.slack.discovery import Discovery
from provcheck.mock_targets.vendors.slack.error_format import SlackErrorFormat
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.groups import Groups
from provcheck.mock_targets.vendors.slack.turns import Turns
from provcheck.mock_targets.vendors.slack.users import Users


def make_app(target: Target) -> Flask:
    """The Flask app of a Slack organisation: `/scim/v1` and `/scim/v2` over the same users and groups."""
    error_format = SlackErrorFormat()
    service = Service(on_unknown_member=_refuse_unknown, describe=_describe)
    app = build_app(
        target,
        error_format,
        [*_routes(service, error_format, "/scim/v1", 1), *_routes(service, error_format, "/scim/v2", 2)],
    )
    Turns().install(app)
    return app


def _routes(service: Service, error_format: SlackErrorFormat, root: str, version: int) -> Iterable[Route]:
    discovery = Discovery(error_format)
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
