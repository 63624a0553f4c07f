"""A SCIM 2.0 target, spoken to with scim2-client, which builds requests from models and judges every answer.

What may pass is tried again after a pause; a create never is, because nobody can tell whether it was
done. That is for the caller to find out by a look-up.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from httpx2 import Client, Response
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_client.errors import RequestNetworkException, SCIMClientException
from scim2_models import Error, Group, PatchOp, PatchOperation, ScimProvider, SearchRequest, User

TRIES = 4
FIRST_PAUSE = 0.2
TIMEOUT_SECONDS = 30.0
TRANSIENT = {408, 425, 429, 500, 502, 503, 504}

Answer = TypeVar("Answer")
Json = dict[str, Any]


class Refused(Exception):
    """The target said no, or said nothing (status 0). `passes`: it may work when tried again."""

    def __init__(self, status: int, detail: str, pause: float | None = None) -> None:
        super().__init__(detail)
        self.status, self.pause = status, pause
        self.passes = status == 0 or status in TRANSIENT


def patiently(act: Callable[[int], Answer]) -> Answer:
    """Let `act` (which is given the number of the attempt) try again while what goes wrong may pass."""
    for attempt in range(1, TRIES):
        try:
            return act(attempt)
        except Refused as error:
            if not error.passes:
                raise
            time.sleep(error.pause or FIRST_PAUSE * 2 ** (attempt - 1))
    return act(TRIES)


class Scim:
    """One target. Everything raises Refused."""

    def __init__(self, connection: Json) -> None:
        self.connection = connection
        self._answer: Response | None = None
        client = Client(
            base_url=connection["base_url"],
            headers={"Authorization": f"Bearer {connection['token']}"},
            timeout=TIMEOUT_SECONDS,
            trust_env=False,
            event_hooks={"response": [self._keep]},
        )
        self._scim = SyncSCIMClient(client, provider=ScimProvider(models=[User, Group]))

    def read(self, model: type, id: str) -> Any:
        """The resource of this id; None when there is none."""
        try:
            return patiently(lambda _: self._ask(lambda: self._scim.query(model, id)))
        except Refused as error:
            if error.status == 404:
                return None
            raise

    def find_users(self, identifier: str) -> list[Any]:
        """The accounts that meet the connection's filter."""
        return self._find(User, self.connection["user_filter"].replace("%s", _escaped(identifier)))

    def find_groups(self, name: str) -> list[Any]:
        """The groups of this name."""
        return self._find(Group, f'displayName eq "{_escaped(name)}"')

    def create(self, resource: Any) -> Any:
        """One try: a create whose answer is lost is not to be sent again blindly."""
        return self._ask(lambda: self._scim.create(resource))

    def change(self, model: Any, id: str, operations: list[Json]) -> None:
        """Patch a resource."""
        patch = PatchOp[model](operations=[PatchOperation[model](**each) for each in operations])
        patiently(lambda _: self._ask(lambda: self._scim.modify(model, id, patch)))

    def remove(self, model: type, id: str) -> None:
        """Delete a resource; one that is gone already is gone."""
        try:
            patiently(lambda _: self._ask(lambda: self._scim.delete(model, id)))
        except Refused as error:
            if error.status != 404:
                raise

    def _find(self, model: type, wanted: str) -> list[Any]:
        query = SearchRequest(filter=wanted)
        page = patiently(lambda _: self._ask(lambda: self._scim.query(model, query_parameters=query)))
        return page.resources or []

    def _ask(self, act: Callable[[], Any]) -> Any:
        self._answer = None
        try:
            answer = act()
        except RequestNetworkException as error:
            raise Refused(0, f"no answer: {error}") from error
        except SCIMClientException as error:
            raise Refused(self._status(), str(error), self._pause()) from error
        except Exception as error:
            if self._status() < 400:
                raise
            # An error of the target arrives as one of many exception classes; the status says what it is.
            raise Refused(self._status(), str(error), self._pause()) from error
        if isinstance(answer, Error):
            raise Refused(self._status(), str(answer.detail), self._pause())
        return answer

    def _keep(self, response: Response) -> None:
        self._answer = response

    def _status(self) -> int:
        return 0 if self._answer is None else self._answer.status_code

    def _pause(self) -> float | None:
        asked = "" if self._answer is None else self._answer.headers.get("Retry-After", "")
        if asked.isdecimal():
            return float(asked)
        try:  # a date is allowed as well (RFC 9110, section 10.2.3)
            return max((parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds(), 0) or None
        except (TypeError, ValueError):
            return None


def _escaped(text: str) -> str:
    """Text as it stands inside the quotes of a filter."""
    return json.dumps(text, ensure_ascii=False)[1:-1]
