"""The handlers of the control routes about the OAuth 2 client of a target and its tokens."""

from __future__ import annotations

from typing import Any

from provcheck.mock_targets.control_api.problem import Problem
from provcheck.mock_targets.control_api.views import Ask, Reply, oauth_access
from provcheck.mock_targets.target.target import Target


def _with_oauth(ask: Ask) -> Target:
    """The target of a request. Raises Problem if no API of it issues tokens."""
    if ask.target.token_url is None:
        raise Problem(404, f"{ask.target.name} issues no tokens")
    return ask.target


def describe_client(ask: Ask) -> Reply:
    """What a client is configured with, its refresh token and its private key included."""
    from provcheck.mock_targets.http.oauth import keys  # late: a key takes half a second to make

    target = _with_oauth(ask)
    more = {"refresh_token": target.tokens.refresh_token, "private_key": keys.as_pem(keys.key_of(target))}
    return 200, {**_access(target), **more}


def rotate_client(ask: Ask) -> Reply:
    """Give the client a new secret, refresh token and key pair."""
    target = _with_oauth(ask)
    target.tokens.rotate()
    return 200, _access(target)


def list_tokens(ask: Ask) -> Reply:
    """Every token that is kept, without its value."""
    return 200, {"tokens": _with_oauth(ask).tokens.describe()}


def revoke_tokens(ask: Ask) -> Reply:
    """Revoke every access token."""
    return 200, {"revoked": _with_oauth(ask).tokens.revoke_all()}


def revoke_token(ask: Ask) -> Reply:
    """Revoke one token."""
    if not _with_oauth(ask).tokens.revoke_id(ask.params["token"]):
        raise Problem(404, f"there is no token {ask.params['token']!r:.100}")
    return 204, None


def _access(target: Target) -> dict[str, Any]:
    return dict(oauth_access(target) or {})
