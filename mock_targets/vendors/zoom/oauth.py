"""Zoom's token endpoint for server-to-server apps.

Source: developers.zoom.us/docs/internal-apps/s2s-oauth; developers.zoom.us/docs/integrations/oauth-error-messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from provcheck.mock_targets.http.oauth.dialect import OAuthDialect
from provcheck.mock_targets.http.oauth.flags import OAUTH_FLAGS
from provcheck.mock_targets.http.oauth.forms import FORM, Form, OAuthError, read_form
from provcheck.mock_targets.http.oauth.grants import Grant, Granted
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.target.flags import flag
from provcheck.mock_targets.vendors.zoom.flags import OAUTH_REASONS, TOKEN_SCOPES

_REASONS = {"unsupported_grant_type": "unsupported grant type", "invalid_client": "Invalid client_id or client_secret"}


@dataclass(frozen=True, kw_only=True)
class AccountCredentials(Grant):
    """The credentials of a server-to-server app, and the account that it belongs to."""

    name = "account_credentials"

    def admit(self, dialect: OAuthDialect, request: Request, form: Form) -> Granted:
        """Any account id is the account of the mock. Raises OAuthError without one."""
        form.need("account_id")
        return Granted(scopes=[each.strip() for each in request.behaviour.token_scopes.split(",") if each.strip()])


class ZoomOAuthDialect(OAuthDialect):
    """The parameters may stand in the URL; a body that is no form is passed over then."""

    flags = (
        *(each for each in OAUTH_FLAGS if each.name not in ("requires_scopes", "device_polls", "device_code_lifetime")),
        TOKEN_SCOPES,
        flag("revoke_previous_token", False, "Whether a new token ends those issued before.", OAUTH_REASONS),
    )
    media_type = "application/json;charset=UTF-8"
    grants: ClassVar[Sequence[Grant]] = (AccountCredentials(),)
    revocation_path = None
    device_path = None
    metadata_path = None

    def create_token(self, request: Request) -> Answer:
        """POST of grant_type and account_id, in the URL or as a form. Raises OAuthError."""
        given = {name: text for name in ("grant_type", "account_id") if (text := request.argument(name))}
        form = read_form(request) if request.wsgi.mimetype == FORM else Form()
        form = Form({**form, **given})
        grant = self.grant_of(form)
        self.check_client(request, form, needs_client=True)
        granted = grant.admit(self, request, form)
        if request.behaviour.revoke_previous_token:
            request.target.tokens.revoke_all()
        body = self.token_body(request, grant, granted, list(granted.scopes or ()))
        return Answer(200, {**body, "token_type": "bearer"}, {"Cache-Control": "no-store"})

    def error(self, request: Request, error: Exception) -> Answer:
        """The code of RFC 6749 with a reason."""
        answer = super().error(request, error)
        if isinstance(error, OAuthError):
            body: dict[str, Any] = {"reason": _REASONS.get(error.code, error.detail), "error": error.code}
            return Answer(error.status, body, answer.headers)
        return answer
