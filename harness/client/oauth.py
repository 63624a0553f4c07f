"""Access tokens by OAuth 2 client credentials (RFC 6749 section 4.4): asked for once, kept, and renewed in time.

Source: pingone-api, propagation-stores/create-store-scim, AUTHENTICATION_METHOD `OAuth 2 Client Credentials`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote_plus

from provcheck.harness.client.outcome import Outcome, Reply
from provcheck.harness.model.clock import Clock

EARLY = 30.0
"""Most seconds before its end at which a token is renewed; a tenth of its life where that is less."""

Ask = Callable[[str, str, dict[str, str]], Reply]
"""Posts a form to a URL with the Authorization header given (URL, header, form)."""


class AccessTokens:
    """The access token of one connection. `basic` makes the Authorization header of the client (RFC 6749, 2.3.1).

    A token without `expires_in` is kept until the target refuses it.
    """

    def __init__(
        self,
        clock: Clock,
        token_url: str,
        client: tuple[str, str],
        basic: Callable[[str, str], str],
        scheme: str = "Bearer",
    ) -> None:
        self._clock, self._token_url, self._scheme = clock, token_url, scheme
        self._client = basic(*(quote_plus(part) for part in client))
        self._value, self._renew_at = "", float("inf")

    def header(self, ask: Ask) -> str | Reply:
        """The Authorization header of a request; the answer of the token endpoint if it gave no token."""
        if not self._value or self._clock.monotonic() >= self._renew_at:
            reply = ask(self._token_url, self._client, {"grant_type": "client_credentials"})
            refusal = self._take(reply)
            if refusal is not None:
                return refusal
        return f"{self._scheme} {self._value}"

    def discard(self) -> bool:
        """Forget a token that the target refused; False if there was none to forget."""
        had, self._value = bool(self._value), ""
        return had

    def _take(self, reply: Reply) -> Reply | None:
        self._value = ""
        token = (reply.document or {}).get("access_token")
        if not reply.ok:
            return refusal_of(reply)
        if reply.document is None:
            return replace(reply, outcome=Outcome.RETRYABLE, detail="the answer of the token endpoint cannot be read")
        if not isinstance(token, str) or not token:
            return replace(reply, outcome=Outcome.UNAUTHORIZED, detail="the token endpoint sent no access token")
        self._value, self._renew_at = token, float("inf")
        lifetime = (reply.document or {}).get("expires_in")
        if isinstance(lifetime, int | float) and not isinstance(lifetime, bool) and lifetime > 0:
            self._renew_at = self._clock.monotonic() + lifetime - min(EARLY, lifetime / 10)
        return None


def refusal_of(reply: Reply) -> Reply:
    """What a failed request for a token means to the request that it was for: nothing of that was sent."""
    outcome = {
        Outcome.UNKNOWN: Outcome.RETRYABLE,
        Outcome.REFUSED: Outcome.UNAUTHORIZED,
        Outcome.CONFLICT: Outcome.UNAUTHORIZED,
        Outcome.MISSING: Outcome.UNAUTHORIZED,
    }.get(reply.outcome, reply.outcome)
    return replace(reply, outcome=outcome, document=None, detail=f"no access token: {reply.detail or 'refused'}")
