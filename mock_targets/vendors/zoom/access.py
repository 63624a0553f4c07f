"""What both APIs of Zoom ask of a token, and how they refuse a request before it reaches them: a code and a message.

Source: github.com/zulip/zulip/pull/33057 (124), github.com/JubaerHossain/zoom-laravel/issues/15 (4711).
"""

from __future__ import annotations

from collections.abc import Collection

from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_access
from provcheck.mock_targets.http.errors import InvalidToken
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.target.flags import names_in

PLAIN = {"Content-Type": "application/json;charset=UTF-8"}
INVALID_TOKEN, MISSING_SCOPE, TOO_MANY = 124, 4711, 429


class MissingScope(errors.WireError):
    """The token lacks every scope that the API asks for."""


def check_access(request: Request, scopes: Collection[str]) -> None:
    """Raises Unauthorized for a token that is wrong or expired, and MissingScope for one without these scopes."""
    try:
        is_known = holds_access(request)
    except InvalidToken:
        raise errors.Unauthorized("Access token is expired.") from None
    if not is_known:
        raise errors.Unauthorized("Invalid access token.")
    if names_in(request.behaviour.token_scopes).isdisjoint(scopes):
        raise MissingScope(f"Invalid access token, does not contain scopes:[{', '.join(sorted(scopes))}].")


def limit_headers(category: str) -> dict[str, str]:
    """The headers of a refusal for too many requests in a second."""
    return {"X-RateLimit-Category": category, "X-RateLimit-Type": "QPS"}
