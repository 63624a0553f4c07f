"""The OAuth 2 client of a target, and the tokens that were issued to it: they expire, can be revoked, and are counted.

The client's id, its secret and its refresh token follow from the static token of the target: who fixes that one (by a
seed, say) has fixed them all. Times are seconds on the clock of the target.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.ids import make_token

MOST_TOKENS = 10_000
"""Issued tokens that are kept, expired and revoked ones included; the oldest are forgotten first."""

TokenUse = Literal["access", "refresh", "device"]
TokenState = Literal["live", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """One token. `grant` is the grant type that led to it, `subject` the user that it stands for (empty: the client).

    `issued_at` and `expires_at` are seconds on the monotonic clock; a token without `expires_at` does not expire.
    """

    id: str
    value: str = field(repr=False)
    use: TokenUse
    grant: str
    scopes: tuple[str, ...]
    subject: str
    issued_at: float
    expires_at: float | None
    is_revoked: bool = False

    def state(self, now: float) -> TokenState:
        """Whether it can be used at a moment of the monotonic clock."""
        if self.is_revoked:
            return "revoked"
        return "expired" if self.expires_at is not None and now >= self.expires_at else "live"


class Tokens:
    """The client that a target knows, and its tokens. Safe for use by several threads."""

    def __init__(self, clock: Clock, *, seed: str, prefix: str = "") -> None:
        self._clock, self._seed, self._prefix = clock, seed, prefix
        self._lock = threading.Lock()
        self._issued: dict[str, IssuedToken] = {}
        self._count = self._generation = self._resets = 0
        self._set_up()

    def _set_up(self) -> None:
        self.client_id = make_token("client-", seed=f"{self._seed}/client")[:19]
        """The id of the client."""
        self.client_secret = self._made("client-secret", self._generation)
        """The secret of the client."""
        self.refresh_token = self._made("refresh-token", self._generation)
        """A refresh token as an administrator got it when the client was given access."""
        self._keep("refresh", self.refresh_token, "authorization_code", (), "", None)

    def _made(self, *words: object, prefix: str = "") -> str:
        return make_token(prefix, seed="/".join(map(str, (self._seed, *words))))

    def _keep(
        self, use: TokenUse, value: str, grant: str, scopes: Iterable[str], subject: str, lifetime: float | None
    ) -> IssuedToken:
        now, self._count = self._clock.monotonic(), self._count + 1
        expires = None if lifetime is None else now + lifetime
        token = IssuedToken(f"t{self._count}", value, use, grant, tuple(scopes), subject, now, expires)
        self._issued[value] = token
        if len(self._issued) > MOST_TOKENS:
            del self._issued[next(iter(self._issued))]
        return token

    def issue(
        self, use: TokenUse, grant: str, *, scopes: Iterable[str] = (), subject: str = "", lifetime: float | None
    ) -> IssuedToken:
        """Make a token that expires after `lifetime` seconds (None: never)."""
        with self._lock:
            value = self._made(use, self._resets, self._count, prefix=self._prefix if use == "access" else "")
            return self._keep(use, value, grant, scopes, subject, lifetime)

    def find(self, value: str, use: TokenUse = "access") -> IssuedToken | None:
        """The token with this value, whatever its state; None if none was issued for this use."""
        token = self._issued.get(value)
        return token if token is not None and token.use == use else None

    def revoke(self, value: str) -> bool:
        """Revoke the token with this value; False if there is none."""
        with self._lock:
            token = self._issued.get(value)
            if token is not None:
                self._issued[value] = replace(token, is_revoked=True)
            return token is not None

    def revoke_id(self, id: str) -> bool:
        """Revoke the token with this id; False if there is none."""
        value = next((token.value for token in list(self._issued.values()) if token.id == id), None)
        return value is not None and self.revoke(value)

    def revoke_all(self, use: TokenUse | None = "access") -> int:
        """Revoke every token of a use (None: of any) that can still be used; the number of them."""
        now = self._clock.monotonic()
        live = [each for each in list(self._issued.values()) if use in (None, each.use) and each.state(now) == "live"]
        return sum(self.revoke(each.value) for each in live)

    def rotate(self) -> None:
        """Give the client a new secret and a new refresh token; the old ones are refused. Access tokens stay."""
        self.revoke(self.refresh_token)
        with self._lock:
            self._generation += 1
            self._set_up()

    @property
    def has_issued(self) -> bool:
        """Whether a token was issued to a client since the start or the last reset."""
        return len(self._issued) > 1 + self._generation

    def describe(self) -> list[dict[str, Any]]:
        """Every token that is kept, without its value; ages in seconds."""
        now = self._clock.monotonic()
        return [
            {
                "id": token.id,
                "use": token.use,
                "grant_type": token.grant,
                "scopes": list(token.scopes),
                "subject": token.subject or None,
                "age": round(now - token.issued_at, 3),
                "expires_in": None if token.expires_at is None else round(max(0.0, token.expires_at - now), 3),
                "state": token.state(now),
            }
            for token in list(self._issued.values())
        ]

    def reset(self) -> None:
        """Forget every issued token; the client has its first secret again."""
        with self._lock:
            self._issued.clear()
            self._resets += 1
            self._count = self._generation = 0
            self._set_up()
