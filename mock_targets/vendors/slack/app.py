"""The two versions of Slack's API, each a dialect with the same routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, ClassVar

from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.write_service import Service
from provcheck.mock_targets.vendors.slack.discovery import Discovery
from provcheck.mock_targets.vendors.slack.error_format import SlackErrors
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.flags import FLAGS
from provcheck.mock_targets.vendors.slack.groups import Groups
from provcheck.mock_targets.vendors.slack.turns import turns_of
from provcheck.mock_targets.vendors.slack.users import Users


class SlackDialect(SlackErrors):
    """Version 2 of the API."""

    reads = FLAGS
    flags = FLAGS
    version: ClassVar[int] = 2

    def hold(self, method: str, params: Mapping[str, str]) -> AbstractContextManager[object] | None:
        """The resource of a write: one write at a time."""
        return turns_of(self.target).take(method, params.get("id"))

    def routes(self) -> Iterable[Route]:
        """Every route of the version."""
        discovery, service = Discovery(self), Service(on_unknown_member=_refuse_unknown, describe=_describe)
        for name in ("ServiceProviderConfigs", "ServiceProviderConfig"):
            yield Route("GET", f"/{name}", "discovery", discovery.config, open=True)
        yield Route("GET", "/Schemas/<name>", "discovery", discovery.schema, open=True)
        if self.version == 2:
            yield Route("GET", "/Schemas", "discovery", discovery.schemas, open=True)
            yield Route("GET", "/ResourceTypes", "discovery", discovery.resource_types, open=True)
        for word, endpoint, resource in (("user", "Users", Users(service)), ("group", "Groups", Groups(service))):
            every, one = f"/{endpoint}", f"/{endpoint}/<id>"
            for at in (every, f"{every}/"):  # the reference prints the list of groups with a slash
                yield Route("GET", at, f"{word}.list", resource.list)
                yield Route("POST", at, f"{word}.create", resource.create, writes=True)
            yield Route("GET", one, f"{word}.get", resource.read)
            yield Route("PUT", one, f"{word}.replace", resource.replace, writes=True)
            yield Route("PATCH", one, f"{word}.update", resource.update, writes=True)
            yield Route("DELETE", one, f"{word}.delete", resource.delete, writes=True)


class Slack11Dialect(SlackDialect):
    """Version 1 of the API."""

    version = 1


def _describe(id: str, extras: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"value": id}


def _refuse_unknown(operations: Operations, member_id: str) -> None:
    raise SlackError("no_such_group_members")
