"""Mistakes about access tokens."""

from __future__ import annotations

from dataclasses import replace

from provcheck.harness.client.oauth import AccessTokens, Ask, refusal_of
from provcheck.harness.client.outcome import Outcome, Reply

from .breaking import Caught, broken


@broken(AccessTokens, Caught("counter_as_expected", "users.success", "access-token-ends-mid-run", "scim+oauth"))
class NeverRenewsItsToken(AccessTokens):
    """The first access token is used for good, also once the target refuses it."""

    def discard(self) -> bool:
        return False


@broken(AccessTokens, Caught("requests_as_expected", "token.create", "access-token-is-kept", "scim+oauth"))
class AsksForATokenEachTime(AccessTokens):
    """Every request is preceded by one for a new access token."""

    def header(self, ask: Ask) -> str | Reply:
        self.discard()
        return super().header(ask)


@broken(refusal_of, Caught("counter_as_expected", "users.success", "token-endpoint-refuses", "scim+oauth"))
def takes_no_token_for_success(reply: Reply) -> Reply:
    """A request for which no token could be had counts as made."""
    return replace(refusal_of(reply), outcome=Outcome.OK, status=201, document={"id": "1", "totalResults": 0})


@broken(refusal_of, Caught("counter_as_expected", "users.success", "token-endpoint-is-busy", "scim+oauth"))
def takes_a_busy_token_endpoint_for_a_refusal(reply: Reply) -> Reply:
    """A limit at the token endpoint ends the run like wrong credentials."""
    return replace(refusal_of(reply), outcome=Outcome.UNAUTHORIZED)
