"""Two service providers side by side: ours, and scim2-server, each asked the same and read the same way.

What may differ by nature (ids, times, versions, URLs, wording) is taken out before anything is compared.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from scim2_models import ScimProvider
from scim2_server.memory import InMemoryStorage
from scim2_server.testserver.application import BearerTokenApplication
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.environment import Environment

NATURAL = frozenset({"id", "location", "version", "created", "lastModified", "$ref", "detail", "nextCursor"})
"""Keys whose values differ from server to server."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer, read for comparison: `body` is without what differs by nature, `whole` is all of it."""

    status: int
    body: Any
    whole: Any = field(compare=False)
    headers: Mapping[str, str] = field(compare=False)


class Peer:
    """A service provider, and the ids it gave to the resources of a sequence."""

    def __init__(self, app: Any, root: str) -> None:
        self.app, self.root = app, root
        self.ids: list[str] = []

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Seen:
        """Send a request; ids of earlier resources stand as `<n>` in path, query, headers and body."""
        raw = b"" if body is None else self._filled(json.dumps(body)).encode()
        status: list[str] = []
        got: list[tuple[str, str]] = []
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.root + self._filled(path),
            "QUERY_STRING": self._filled(urlencode(query or {}).replace("%3C", "<").replace("%3E", ">")),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/scim+json",
            "CONTENT_LENGTH": str(len(raw)) if raw else "",
            "HTTP_HOST": "localhost",
            "wsgi.input": io.BytesIO(raw),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()},
        }
        chunks = self.app(environ, lambda s, h, e=None: (status.append(s), got.extend(h)))
        text = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        whole = json.loads(text) if text else None
        return Seen(int(status[0][:3]), self._natural(whole), whole, dict(got))

    def learn(self, id: str) -> None:
        """Note the id of a resource that was just made."""
        self.ids.append(id)

    def _filled(self, text: str) -> str:
        for place, id in enumerate(self.ids):
            text = text.replace(f"<{place}>", id)
        return text

    def _natural(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._natural(part) for key, part in value.items() if key not in NATURAL}
        if isinstance(value, list):
            return [self._natural(part) for part in value]
        return f"<{self.ids.index(value)}>" if isinstance(value, str) and value in self.ids else value


def ours() -> Peer:
    """Our target, without credentials, answering a PATCH as the other one does."""
    environment = _environment()
    environment.reset()
    return Peer(environment, "/scim/v2")


@cache
def _environment() -> Environment:
    flags = {"authentication": "none", "answers_user_patch_with_body": False, "answers_group_patch_with_body": False}
    return Environment(["scim"], clock=VirtualClock(), seed=1, flags={"scim": flags})


def theirs() -> Peer:
    """scim2-server with everything that it supports, without credentials."""
    return Peer(BearerTokenApplication(InMemoryStorage(), PROVIDER), "")


PROVIDER = ScimProvider.from_discovery(
    list(load_default_schemas().values()),
    list(load_default_resource_types().values()),
    load_default_service_provider_config(),
)
