"""Access to the control API: its bearer token, and a Host header with a name of this server.

Web pages are refused even with the token: no CORS headers, no foreign Origin, no foreign Host (DNS rebinding would get
round the same-origin rule), and JSON only.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from flask import Request

from provcheck.mock_targets.control_api.problem import Problem
from provcheck.mock_targets.http.authentication import holds_token

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_READING = ("GET", "HEAD")


def allowed_hosts(url: str) -> set[str]:
    """The Host headers of a service at `url`: its own name and those of the loopback, with port."""
    parts = urlsplit(url)
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    names = {parts.netloc.rpartition(":")[0] if parts.port else parts.netloc, *LOOPBACK_NAMES}
    bare = names if port == _DEFAULT_PORTS[parts.scheme] else set()
    return {f"{name}:{port}".lower() for name in names} | {name.lower() for name in bare}


def check_site(request: Request, hosts: Collection[str]) -> None:
    """Refuse a foreign Host and what a browser sends for another site. Raises Problem."""
    if request.headers.get("Host", "").lower() not in hosts:
        raise Problem(421, "the Host header does not name this server")
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        raise Problem(403, "requests from other sites are refused")
    origin = request.headers.get("Origin")
    if origin is not None and _host_of(origin) not in hosts:
        raise Problem(403, "requests from other origins are refused")


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""  # no host at all, such as an IPv6 address without its bracket


def check_token(request: Request, token: str) -> None:
    """Refuse a request without the control token. Raises Problem."""
    if not holds_token(request.headers.get("Authorization"), token):
        raise Problem(401, "the control API needs its bearer token", {"WWW-Authenticate": "Bearer"})


def check_type(request: Request) -> None:
    """Refuse a write whose body is not declared as JSON. Raises Problem."""
    if request.method in _READING:
        return
    declared = request.headers.get("Content-Type")
    if declared is not None and request.mimetype != "application/json":
        raise Problem(415, "the body must be application/json")
    if declared is None and (request.content_length or 0) > 0:
        raise Problem(415, "the body must be declared as application/json")
