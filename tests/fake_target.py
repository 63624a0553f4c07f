"""The smallest target there can be, to test what is the same for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask

from provcheck.mock_targets.clock import VirtualClock
from provcheck.mock_targets.directory import IndexSpec, exact, folded
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http import errors
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.pipeline import Route, build_app
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.core_mapping import CoreMapping
from provcheck.mock_targets.target.flags import Flag
from provcheck.mock_targets.target.rate_limit import Limit
from provcheck.mock_targets.target.target import Target, TargetSpec


class PlainErrors:
    """Errors as {"oops": detail}."""

    content_type = "application/vnd.fake+json"
    refusals: tuple[type[Exception], ...] = (KeyError,)

    def error(self, call: Call, error: Exception) -> Answer:
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, errors.TooManyRequests) else {}
        return Answer(getattr(error, "status", 404), {"oops": str(error)}, headers)

    def authenticate(self, call: Call) -> None:
        if not holds_token(call.header("Authorization"), call.target.token):
            raise errors.Unauthorized("who are you?")

    def headers(self, call: Call) -> Mapping[str, str]:
        return {"X-Fake": "yes"}


def create(call: Call) -> Answer:
    document = call.json()
    if not isinstance(document, dict) or not isinstance(document.get("login"), str):
        raise errors.BadJson("a person has a login")
    call.intend("user.create", kind="User", names=[document["login"]])
    record = call.target.directory.add("User", document)
    call.applied(record.id)
    return call.answer(201, {"id": record.id, **document}, Location=f"{call.target.base_url}/people/{record.id}")


def get(call: Call) -> Answer:
    record = call.target.directory.get("User", call.params["id"])
    call.intend("user.get", kind="User", id=record.id)
    return call.answer(200, {"id": record.id, **record.document})


def delete(call: Call) -> Answer:
    record = call.target.directory.get("User", call.params["id"])
    call.intend("user.delete", kind="User", id=record.id, names=call.target.spec.core_mapping.names_of(record))
    call.target.directory.remove("User", record.id)
    call.applied()
    return call.answer(204)


def listing(call: Call) -> Answer:
    everyone = call.target.directory.all("User")
    return call.answer(200, {"people": [{"id": record.id, **record.document} for record in everyone]})


def crash(call: Call) -> Answer:
    raise RuntimeError("the cellar is on fire")


ROUTES = (
    Route("POST", "/people", "user.create", create, writes=True),
    Route("GET", "/people", "user.list", listing),
    Route("GET", "/people/<id>", "user.get", get),
    Route("DELETE", "/people/<id>", "user.delete", delete, writes=True),
    Route("GET", "/crash", "user.list", crash),
)


def make_app(target: Target) -> Flask:
    return build_app(target, PlainErrors(), ROUTES)


CORE_MAPPING = CoreMapping(
    write_user=lambda core: {
        "login": core["userName"],
        **{key: core[key] for key in ("displayName", "externalId", "email", "active") if key in core},
    },
    read_user=lambda document: {
        "userName": document["login"],
        **{key: document[key] for key in ("displayName", "externalId", "email") if key in document},
        "active": document.get("active", True),
    },
    write_group=lambda core: {"title": core["displayName"]},
    read_group=lambda document: {"displayName": document["title"]},
)

SPEC = TargetSpec(
    name="fake",
    title="A fake store",
    source="made up",
    flags=(
        *COMMON_FLAGS,
        Flag("shouts", False, "Whether it shouts.", "made up"),
        Flag("page_size", 10, "How many at once.", "made up", type="integer"),
    ),
    kinds={
        "User": (IndexSpec("login", lambda d: [d["login"]], key=folded, unique=True),),
        "Group": (IndexSpec("title", lambda d: [d["title"]], key=exact),),
    },
    core_mapping=CORE_MAPPING,
    make_app=make_app,
    new_id=lambda ids, kind: f"{kind[0]}{ids.code(6)}",
    base_paths={"base_url": "", "old_base_url": "/old"},
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
