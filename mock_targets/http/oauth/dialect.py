"""The token endpoint of a target as an API of its own; made to be subclassed by vendors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import equal
from provcheck.mock_targets.http.dialect import HttpDialect, Route
from provcheck.mock_targets.http.oauth.flags import OAUTH_FLAGS
from provcheck.mock_targets.http.oauth.forms import Form, OAuthError, client_of, quoted, read_form
from provcheck.mock_targets.http.oauth.grants import (
    ClientCredentials,
    DeviceCode,
    Grant,
    Granted,
    JwtBearer,
    Password,
    RefreshToken,
)
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.target.flags import Flag

_NOT_STORED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_CODES = {400: "invalid_request", 401: "invalid_client", 403: "access_denied"}


class OAuthDialect(HttpDialect):
    """An authorization server as RFC 6749 describes it, without the flows that need a browser.

    `grants` are its grant types; `scopes` those that can be asked for (none: any). The paths are below that of the API;
    None: there is no such endpoint. `audiences` are accepted in assertions beside the token URL and the issuer, unless
    `checks_audience` is off. `device_interval` is in seconds. `invalid_client_status` is the status for a client that
    is unknown or has a wrong secret in the body; in a header it is always 401 (section 5.2).
    """

    reads: ClassVar[tuple[Flag, ...]] = OAUTH_FLAGS
    flags: ClassVar[tuple[Flag | str, ...]] = OAUTH_FLAGS
    refusals: ClassVar[tuple[type[Exception], ...]] = (OAuthError,)
    grants: ClassVar[Sequence[Grant]] = (
        ClientCredentials(),
        JwtBearer(),
        RefreshToken(),
        Password(gives_refresh_token=True),
        DeviceCode(gives_refresh_token=True),
    )
    scopes: ClassVar[Sequence[str]] = ()
    audiences: ClassVar[Sequence[str]] = ()
    checks_audience: ClassVar[bool] = True
    token_path: ClassVar[str] = "/token"
    revocation_path: ClassVar[str | None] = "/revoke"
    device_path: ClassVar[str | None] = "/device_authorization"
    metadata_path: ClassVar[str | None] = "/.well-known/oauth-authorization-server"
    device_interval: ClassVar[int] = 5
    invalid_client_status: ClassVar[int] = 401

    @property
    def operations(self) -> frozenset[str]:
        """The operations of its routes."""
        return frozenset(operation for _, operation in self.requests)

    def routes(self) -> Iterable[Route]:
        """Every endpoint."""
        yield Route("POST", self.token_path, "token.create", self.create_token, open=True)
        if self.revocation_path is not None:
            yield Route("POST", self.revocation_path, "token.revoke", self.revoke_token, open=True)
        if self.device_path is not None and any(isinstance(grant, DeviceCode) for grant in self.grants):
            yield Route("POST", self.device_path, "token.device", self.authorize_device, open=True)
        if self.metadata_path is not None:
            yield Route("GET", self.metadata_path, "token.metadata", self.metadata, open=True)

    def authenticate(self, request: Request) -> None:
        """Do nothing: each endpoint reads the credentials of the client itself."""

    def create_token(self, request: Request) -> Answer:
        """POST to the token endpoint (RFC 6749 section 3.2). Raises OAuthError."""
        form = read_form(request)
        grant = self.grant_of(form)
        self.check_client(request, form, needs_client=grant.needs_client)
        granted = grant.admit(self, request, form)
        scopes = self.scopes_of(granted)
        return Answer(200, self.token_body(request, grant, granted, scopes), _NOT_STORED)

    def grant_of(self, form: Form) -> Grant:
        """The grant type that a request names. Raises OAuthError."""
        name = form.need("grant_type")
        for grant in self.grants:
            if grant.name == name:
                return grant
        raise OAuthError("unsupported_grant_type", f"There is no grant type {quoted(name)}")

    def check_client(self, request: Request, form: Form, *, needs_client: bool) -> None:
        """Raises OAuthError unless the client authenticates; one that need not may leave its secret out."""
        given = client_of(request, form)
        tokens, accepted = request.target.tokens, request.behaviour.client_authentication
        if given is None:
            if needs_client or form.get("client_id", tokens.client_id) != tokens.client_id:
                raise OAuthError("invalid_client", "The client does not authenticate", status=401)
            return
        method, client, secret = given
        if accepted not in ("both", method):
            detail = f"The client authenticates in the {'header' if accepted == 'basic' else 'body'}"
        elif not (equal(client, tokens.client_id) & equal(secret, tokens.client_secret)):
            detail = "The client is unknown, or its secret is wrong"
        else:
            return
        in_header = method == "basic"
        status = 401 if in_header else self.invalid_client_status
        raise OAuthError("invalid_client", detail, status=status, asks_for_basic=in_header)

    def scopes_of(self, granted: Granted) -> Sequence[str]:
        """The scopes of a new token: those asked for, else all there are. Raises OAuthError (invalid_scope)."""
        known = self.scopes if granted.within is None else granted.within
        if granted.scopes is None:
            return known
        for scope in granted.scopes:
            if not scope or (known and scope not in known):
                raise OAuthError("invalid_scope", f"There is no scope {quoted(scope)}")
        return list(dict.fromkeys(granted.scopes))

    def token_body(self, request: Request, grant: Grant, granted: Granted, scopes: Sequence[str]) -> dict[str, Any]:
        """Issue the tokens; the body of the answer (RFC 6749 section 5.1)."""
        tokens, can = request.target.tokens, request.behaviour
        about: dict[str, Any] = {"scopes": scopes, "subject": granted.subject}
        if granted.uses_up is not None:
            tokens.revoke(granted.uses_up)
        access = tokens.issue("access", grant.name, lifetime=can.token_lifetime, **about)
        body = {"access_token": access.value, "token_type": "Bearer", "expires_in": can.token_lifetime}
        if granted.gives_refresh_token:
            body["refresh_token"] = tokens.issue("refresh", grant.name, lifetime=None, **about).value
        return body | ({"scope": " ".join(scopes)} if scopes else {})

    def revoke_token(self, request: Request) -> Answer:
        """POST to the revocation endpoint; an unknown token is no error (RFC 7009 section 2.2). Raises OAuthError."""
        form = read_form(request)
        self.check_client(request, form, needs_client=True)
        request.target.tokens.revoke(form.need("token"))
        return Answer(200)

    def authorize_device(self, request: Request) -> Answer:
        """POST to the device authorization endpoint (RFC 8628 section 3.1). Raises OAuthError."""
        form = read_form(request)
        self.check_client(request, form, needs_client=False)
        scopes = self.scopes_of(Granted(scopes=form["scope"].split(" ") if "scope" in form else None))
        lifetime = int(request.behaviour.device_code_lifetime)
        code = request.target.tokens.issue("device", DeviceCode.name, scopes=scopes, lifetime=lifetime)
        body = {
            "device_code": code.value,
            "user_code": f"{code.id.upper()}-CODE",
            "verification_uri": f"{self.root}/device",
            "expires_in": lifetime,
            "interval": self.device_interval,
        }
        return Answer(200, body, _NOT_STORED)

    def known_audiences(self) -> set[str]:
        """What the claim `aud` of an assertion may name: this server, by its issuer or its token URL."""
        return {self.root, f"{self.root}/", self.root + self.token_path, *self.audiences}

    def metadata(self, request: Request) -> Answer:
        """GET the metadata (RFC 8414 section 3)."""
        return Answer(200, self.metadata_body(request))

    def metadata_body(self, request: Request) -> dict[str, Any]:
        """What the server can do (RFC 8414 section 2); a vendor adds to it, or puts it in other words."""
        methods = {"basic": ["client_secret_basic"], "body": ["client_secret_post"]}
        both = [*methods["basic"], *methods["body"]]
        accepted = methods.get(request.behaviour.client_authentication, both)
        body: dict[str, Any] = {
            "issuer": self.root,
            "token_endpoint": self.root + self.token_path,
            "token_endpoint_auth_methods_supported": accepted,
            "response_types_supported": [],
            "grant_types_supported": [grant.name for grant in self.grants],
        }
        if self.scopes:
            body["scopes_supported"] = list(self.scopes)
        paths = {route.operation: self.root + route.rule for route in self.routes()}
        if "token.revoke" in paths:
            body["revocation_endpoint"] = paths["token.revoke"]
            body["revocation_endpoint_auth_methods_supported"] = accepted
        if "token.device" in paths:
            body["device_authorization_endpoint"] = paths["token.device"]
        return body

    def error(self, request: Request, error: Exception) -> Answer:
        """A refusal as RFC 6749 section 5.2 has it."""
        headers: dict[str, str] = dict(_NOT_STORED)
        if isinstance(error, OAuthError):
            code, detail, status = error.code, error.detail, error.status
            if error.asks_for_basic:
                headers["WWW-Authenticate"] = 'Basic realm="oauth"'
        else:
            detail, status = getattr(error, "detail", str(error)), getattr(error, "status", 400)
            code = self.code_of(status)
            if isinstance(error, errors.TooManyRequests):
                headers["Retry-After"] = str(error.retry_after)
            if isinstance(error, errors.MethodNotAllowed):
                headers["Allow"] = ", ".join(error.allowed)
            if status == 401:
                headers["WWW-Authenticate"] = 'Basic realm="oauth"'
        return Answer(status, self.error_body(code, detail), headers)

    def code_of(self, status: int) -> str:
        """The error code of a status that does not come from RFC 6749 itself: a fault, a limit, an unknown path."""
        if status in (429, 502, 503, 504):
            return "temporarily_unavailable"
        return _CODES.get(status, "server_error" if status >= 500 else "invalid_request")

    def error_body(self, code: str, detail: str) -> Mapping[str, Any]:
        """The body of a refusal."""
        return {"error": code, "error_description": quoted(detail)[1:-1]}
