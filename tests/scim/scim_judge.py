"""Reads every answer of the SCIM target with scim2-models, under the context that goes with the request.

The judge is hung into the session of the test rig, so no test of this directory can pass on a malformed answer.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Union
from urllib.parse import parse_qs, urlsplit

import requests
from scim2_models import (
    BulkResponse,
    Context,
    EnterpriseUser,
    Error,
    Group,
    ListResponse,
    ResourceType,
    Schema,
    ScimProvider,
    ServiceProviderConfig,
    User,
)

CORE_1 = "urn:scim:schemas:core:1.0"
_CONTEXTS = {
    "POST": Context.RESOURCE_CREATION_RESPONSE,
    "GET": Context.RESOURCE_QUERY_RESPONSE,
    "PUT": Context.RESOURCE_REPLACEMENT_RESPONSE,
    "PATCH": Context.RESOURCE_PATCH_RESPONSE,
}
_DISCOVERY = {"ServiceProviderConfig": ServiceProviderConfig, "ResourceTypes": ResourceType, "Schemas": Schema}


STANDARD = (User[EnterpriseUser], Group)
"""The models of a User and a Group as the RFC has them."""


@cache
def discovered(schemas: str, resource_types: str) -> tuple[type, type]:
    """The models that a target describes by its own discovery documents, given as JSON."""
    provider = ScimProvider.from_discovery(
        [Schema.model_validate(each) for each in json.loads(schemas)],
        [ResourceType.model_validate(each) for each in json.loads(resource_types)],
    )
    first, second = (provider.model_for(each) for each in provider.resource_types)
    return first, second


class Judge:
    """Checks answers as they come in."""

    def __init__(self) -> None:
        self.user, self.group = STANDARD
        self.judged = 0

    def __call__(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        """Raise AssertionError or ValidationError for an answer that is not what the standard has."""
        self.judged += 1
        parts = urlsplit(answer.request.url)
        segments = (
            parts.path.rstrip("/").removesuffix(".scim").split("/")[2:]
        )  # without the name under which the target is mounted
        method = answer.request.method
        if method == "HEAD" or answer.status_code in (204, 304):
            assert answer.content == b""
            return
        if segments[:1] == ["v1"]:
            _judge_1(answer)
        elif answer.status_code >= 400:
            _judge_error(answer)
        else:
            _check_media_type(answer, "application/scim+json")
            self._judge_success(method, segments[1:], parse_qs(parts.query), answer.json())

    def _judge_success(self, method: str, segments: list[str], query: dict[str, Any], body: Any) -> None:
        first = segments[0] if segments else ""
        if first == "Bulk":
            BulkResponse[Union[self.user, self.group]].model_validate(body, scim_ctx=Context.BULK_RESPONSE)  # noqa: UP007  # made at run time
        elif first in _DISCOVERY:
            model = _DISCOVERY[first]
            whole = model if len(segments) == 2 or first == "ServiceProviderConfig" else ListResponse[model]
            whole.model_validate(body, scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
        elif body["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]:
            context = Context.SEARCH_RESPONSE if method == "POST" else Context.RESOURCE_QUERY_RESPONSE
            ListResponse[Union[self.user, self.group]].model_validate(body, scim_ctx=context)  # noqa: UP007  # made at run time
            assert body["itemsPerPage"] == len(body["Resources"])
        else:
            model = self.group if first == "Groups" else self.user
            model.model_validate(body, scim_ctx=_CONTEXTS[method])
            if not query.keys() & {"attributes", "excludedAttributes"}:
                assert body["meta"]["location"].endswith(f"/v2/{body['meta']['resourceType']}s/{body['id']}")


def _judge_error(answer: requests.Response) -> None:
    _check_media_type(answer, "application/scim+json")
    body = answer.json()
    error = Error.model_validate(body)
    assert error.status == answer.status_code
    assert isinstance(body["status"], str)
    assert error.detail
    assert "Traceback" not in error.detail


def _judge_1(answer: requests.Response) -> None:
    """The rules of SCIM 1.1, for which nobody has models."""
    if not answer.content:
        assert (answer.request.method, answer.status_code) == ("DELETE", 200)
        return
    _check_media_type(answer, "application/json")
    body = answer.json()
    if answer.status_code >= 400:
        assert set(body) == {"Errors"}
        for error in body["Errors"]:
            assert error["code"] == str(answer.status_code)
            assert error["description"]
        return
    assert "urn:ietf" not in answer.text
    for resource in body.get("Resources", [body]):
        assert resource["schemas"][0] == CORE_1
        assert "attributes=" in answer.request.url or "/v1/" in resource["meta"]["location"]
        assert "password" not in resource


def _check_media_type(answer: requests.Response, expected: str) -> None:
    assert answer.headers["Content-Type"] == expected
