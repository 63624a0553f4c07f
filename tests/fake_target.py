"""The smallest target there can be, to test what is the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.directory import IndexSpec, exact, folded
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.dialect import HttpDialect, Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.operations.context import Forbidden
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.core_mapping import At, CoreMapping, Words
from provcheck.mock_targets.target.flags import Flag
from provcheck.mock_targets.target.rate_limit import Limit
from provcheck.mock_targets.target.target import Target, TargetSpec


class FakeDialect(HttpDialect):
    """Errors as {"oops": detail}."""

    flags = (
        Flag("shouts", False, "Whether it shouts.", "made up"),
        Flag("page_size", 10, "How many at once.", "made up", type="integer"),
    )

    media_type = "application/vnd.fake+json"
    refusals = (KeyError,)

    def routes(self) -> tuple[Route, ...]:
        return ROUTES

    def error(self, request: Request, error: Exception) -> Answer:
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, errors.TooManyRequests) else {}
        return Answer(
            403 if isinstance(error, Forbidden) else getattr(error, "status", 404), {"oops": str(error)}, headers
        )

    def authenticate(self, request: Request) -> None:
        if not holds_token(request.header("Authorization"), request.target.token):
            raise errors.Unauthorized("who are you?")

    def headers(self, request: Request) -> Mapping[str, str]:
        return {"X-Fake": "yes"}


def create(request: Request) -> Answer:
    document = request.json()
    if not isinstance(document, dict) or not isinstance(document.get("login"), str):
        raise errors.BadJson("a person has a login")
    request.operations.announce("user.create", kind="User", names=[document["login"]])
    record = request.target.directory.add("User", document)
    request.operations.applied(record.id)
    return request.answer(201, {"id": record.id, **document}, Location=f"{request.target.base_url}/people/{record.id}")


def get(request: Request) -> Answer:
    record = request.target.directory.get("User", request.params["id"])
    request.operations.announce("user.get", kind="User", id=record.id)
    return request.answer(200, {"id": record.id, **record.document})


def delete(request: Request) -> Answer:
    record = request.target.directory.get("User", request.params["id"])
    request.operations.announce(
        "user.delete", kind="User", id=record.id, names=request.target.spec.core_mapping.names_of(record)
    )
    request.target.directory.remove("User", record.id)
    request.operations.applied()
    return request.answer(204)


def listing(request: Request) -> Answer:
    everyone = request.target.directory.all("User")
    return request.answer(200, {"people": [{"id": record.id, **record.document} for record in everyone]})


def crash(request: Request) -> Answer:
    raise RuntimeError("the cellar is on fire")


ROUTES = (
    Route("POST", "/people", "user.create", create, writes=True),
    Route("GET", "/people", "user.list", listing),
    Route("GET", "/people/<id>", "user.get", get),
    Route("DELETE", "/people/<id>", "user.delete", delete, writes=True),
    Route("GET", "/crash", "user.list", crash),
)


CORE_MAPPING = CoreMapping(
    user=Words(
        {
            "userName": At(("login",)),
            **{word: At((word,)) for word in ("displayName", "externalId", "email")},
            "active": At(("active",), default=True),
        }
    ),
    group=Words({"displayName": At(("title",))}),
)

SPEC = TargetSpec(
    name="fake",
    title="A fake store",
    source="made up",
    kinds={
        "User": (IndexSpec("login", lambda d: [d["login"]], key=folded, unique=True),),
        "Group": (IndexSpec("title", lambda d: [d["title"]], key=exact),),
    },
    core_mapping=CORE_MAPPING,
    new_id=lambda ids, kind: f"{kind[0]}{ids.code(6)}",
    apis=(
        Api(path="", dialect=FakeDialect, label="base_url"),
        Api(path="/old", dialect=FakeDialect, label="old_base_url"),
    ),
    real_urls=("https://api.fake.example/people",),
    profiles={"loud": {"shouts": True}, "small": {"page_size": 2}},
    limits=(Limit(("user.*",), per_minute=60, burst=2),),
    token_prefix="fak-",
    sample_path="/people",
)


def make_target(**flags: Any) -> Target:
    """A target on a clock that stands still."""
    return Target(SPEC, clock=VirtualClock(), ids=IdMaker(seed=1), token="fak-secret", flags=flags)


def make_environment(**options: Any) -> Environment:
    """An environment of one fake target, on a clock that stands still."""
    return Environment(specs=[SPEC], clock=VirtualClock(), seed=1, **options)
