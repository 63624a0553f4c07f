"""What a correct client makes of an access token that ends in the middle of a run, and of a refusing token endpoint."""

from __future__ import annotations

from provcheck.harness.model import Account, After, ClearFaults, Given, Requests
from provcheck.harness.model.faultspec import FaultSpec
from provcheck.harness.model.scenario import Citation
from provcheck.harness.scenarios.people import FIVE, source
from provcheck.harness.scenarios.phrases import counters, derived, strikes, sync

_ALL_THERE = tuple(Account(name, active=True) for name in FIVE)
_NOBODY = Requests("user.*", at_most=0, writes=True)

SCENARIOS = (
    derived(
        "access-token-is-kept",
        "An access token is used until it ends",
        "A client asks for a token and uses it for every request, and does not ask for one each time.",
        Citation("RFC 6749", "section 5.1, expires_in"),
        Given(source()),
        [sync(), After(users=counters(5, 5), wire=(Requests("token.create", at_least=1, at_most=2), *_ALL_THERE))],
        ["create", "oauth"],
    ),
    derived(
        "access-token-ends-mid-run",
        "An access token ends in the middle of a run",
        "A client whose token is refused asks for a new one and goes on: nobody fails.",
        Citation("RFC 6750", "section 3.1, invalid_token: the client may request a new token"),
        Given(
            source(),
            faults=(strikes("auth.token_expired_midrun", "user.create", outcome="recovers", skip=2, times=1),),
        ),
        [sync(), After(users=counters(5, 5), wire=(Requests("token.create", at_least=2, at_most=3), *_ALL_THERE))],
        ["create", "faults", "oauth"],
    ),
    derived(
        "token-endpoint-refuses",
        "The token endpoint refuses the client",
        "A client that gets no token changes nothing and claims nothing; once it gets one, everything is made up for.",
        Citation("RFC 6749", "section 5.2, invalid_client"),
        Given(
            source(),
            faults=(
                FaultSpec(
                    "token.create",
                    times=None,
                    status=401,
                    parameters={"body": {"error": "invalid_client"}},
                    outcome="stops",
                ),
            ),
        ),
        [
            sync(),
            After(users=counters(5, 0, failed=5), wire=(_NOBODY,)),
            ClearFaults(),
            sync(),
            After(users=counters(5, 5), wire=_ALL_THERE),
        ],
        ["create", "faults", "oauth"],
    ),
    derived(
        "token-endpoint-is-busy",
        "The token endpoint is over its limit",
        "A limit at the token endpoint is waited out like one at the target: nobody fails.",
        Citation("RFC 6585", "section 4"),
        Given(
            source(),
            faults=(FaultSpec("token.create", times=1, status=429, headers={"Retry-After": "2"}),),
        ),
        [sync(), After(users=counters(5, 5), wire=_ALL_THERE)],
        ["create", "faults", "oauth"],
    ),
)
