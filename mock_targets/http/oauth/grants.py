"""Grant types: what a client shows at the token endpoint to be given an access token."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from provcheck.mock_targets.http.authentication import equal
from provcheck.mock_targets.http.oauth.assertions import read_assertion
from provcheck.mock_targets.http.oauth.forms import Form, OAuthError

if TYPE_CHECKING:
    from provcheck.mock_targets.http.oauth.dialect import OAuthDialect
    from provcheck.mock_targets.http.request import Request


class Granted(NamedTuple):
    """What a grant leads to.

    `scopes` are those asked for (None: the request does not say), `within` those that can be; None: all of the server.
    `uses_up` is a token that is good for one use.
    """

    subject: str = ""
    scopes: Sequence[str] | None = None
    within: Sequence[str] | None = None
    gives_refresh_token: bool = False
    uses_up: str | None = None


@dataclass(frozen=True, kw_only=True)
class Grant(ABC):
    """One grant type; to be subclassed. `name` is the value of the parameter grant_type.

    With `needs_client` the client has to authenticate; without it may, and wrong credentials are refused.
    `gives_refresh_token`: a refresh token is issued beside the access token.
    """

    name: ClassVar[str] = ""
    needs_client: bool = True
    gives_refresh_token: bool = False

    @abstractmethod
    def admit(self, dialect: OAuthDialect, request: Request, form: Form) -> Granted:
        """Check what the client shows. Raises OAuthError."""


@dataclass(frozen=True, kw_only=True)
class ClientCredentials(Grant):
    """RFC 6749 section 4.4: the credentials of the client are enough."""

    name = "client_credentials"

    def admit(self, dialect: OAuthDialect, request: Request, form: Form) -> Granted:
        """Nothing more is shown."""
        return Granted(scopes=_asked(form))


@dataclass(frozen=True, kw_only=True)
class Password(Grant):
    """RFC 6749 section 4.3: the static token of the target is the password of every user."""

    name = "password"

    def admit(self, dialect: OAuthDialect, request: Request, form: Form) -> Granted:
        """Raises OAuthError unless the password is right."""
        subject, password = form.need("username"), form.need("password")
        if not equal(password, request.target.token):
            raise OAuthError("invalid_grant", "The user name or the password is wrong")
        return Granted(subject, _asked(form), gives_refresh_token=self.gives_refresh_token)


@dataclass(frozen=True, kw_only=True)
class RefreshToken(Grant):
    """RFC 6749 section 6. By the flag `rotates_refresh_tokens` each use gives a new refresh token for the old one."""

    name = "refresh_token"

    def admit(self, dialect: OAuthDialect, request: Request, form: Form) -> Granted:
        """Raises OAuthError unless the refresh token is live."""
        tokens, now = request.target.tokens, request.target.clock.monotonic()
        token = tokens.find(form.need("refresh_token"), "refresh")
        state = token.state(now) if token else "unknown"
        if token is None or state != "live":
            raise OAuthError("invalid_grant", f"The refresh token is {state}")
        rotates = bool(request.behaviour.rotates_refresh_tokens)
        uses_up = token.value if rotates else None
        return Granted(token.subject, _asked(form), token.scopes or None, rotates, uses_up)


@dataclass(frozen=True, kw_only=True)
class JwtBearer(Grant):
    """RFC 7523: a signed assertion in place of a password. The scopes are in its claim `scope_claim`, if there is one.

    `longest` are the most seconds from iat to exp; None: any number. `issuers` name the client that signs: its id, or
    the address of an account (a claim `iss` that holds an at sign) with `any_account`.
    """

    name = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    needs_client: bool = False
    scope_claim: str | None = None
    longest: int | None = None
    any_account: bool = False

    def admit(self, dialect: OAuthDialect, request: Request, form: Form) -> Granted:
        """Raises OAuthError for an assertion that is malformed, wrongly signed, expired, or meant for others."""
        claims = read_assertion(form.need("assertion"), request.target, longest=self.longest)
        issuer = claims["iss"]
        if issuer != request.target.tokens.client_id and not (self.any_account and "@" in issuer):
            raise OAuthError("invalid_grant", "The issuer of the assertion is unknown")
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        if dialect.checks_audience and not dialect.known_audiences().intersection(map(str, named)):
            raise OAuthError("invalid_grant", "The assertion is meant for another audience")
        asked = _asked(form)
        if self.scope_claim is not None:
            asked = str(claims.get(self.scope_claim, "")).split() or None
        return Granted(str(claims.get("sub", "")), asked, gives_refresh_token=self.gives_refresh_token)


@dataclass(frozen=True, kw_only=True)
class DeviceCode(Grant):
    """RFC 8628. The user agrees once the client has asked as often as the flag `device_polls` says."""

    name = "urn:ietf:params:oauth:grant-type:device_code"
    needs_client: bool = False

    def admit(self, dialect: OAuthDialect, request: Request, form: Form) -> Granted:
        """Raises OAuthError with authorization_pending, slow_down or expired_token (RFC 8628 section 3.5)."""
        target, now = request.target, request.target.clock.monotonic()
        token = target.tokens.find(form.need("device_code"), "device")
        if token is None or token.is_revoked:
            raise OAuthError("invalid_grant", "The device code is unknown")
        if token.state(now) == "expired":
            raise OAuthError("expired_token", "The device code is expired")
        polls: dict[str, tuple[int, float]] = target.memory.setdefault("polls of device codes", {})
        count, before = polls.get(token.value, (0, None))
        polls[token.value] = (count + 1, now)
        if before is not None and now - before < dialect.device_interval:
            raise OAuthError("slow_down", f"Ask every {dialect.device_interval} seconds")
        if count < request.behaviour.device_polls:
            raise OAuthError("authorization_pending", "The user has not agreed yet")
        del polls[token.value]
        return Granted("device user", token.scopes or None, None, self.gives_refresh_token, token.value)


def _asked(form: Form) -> list[str] | None:
    return form["scope"].split(" ") if "scope" in form else None
