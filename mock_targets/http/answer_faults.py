"""Applies faults to one answer: to its status, headers and body, to a list, and to the way it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from provcheck.mock_targets.faults.effects.answers import AnswerEffect, Answering, Reason
from provcheck.mock_targets.faults.effects.connections import ConnectionEffect, Delivery
from provcheck.mock_targets.faults.effects.directory import AfterwardsEffect
from provcheck.mock_targets.faults.effects.lists import ListFault
from provcheck.mock_targets.http.errors import Broken
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.query.list_view import Changes

if TYPE_CHECKING:
    from provcheck.mock_targets.faults.fault import Moment
    from provcheck.mock_targets.faults.plan import Firing
    from provcheck.mock_targets.http.dialect import Route
    from provcheck.mock_targets.http.request import Request


class AnswerFaults:
    """The faults of the answer to one request."""

    def __init__(self, route: Route | None, request: Request) -> None:
        self._route, self._request = route, request
        self._firings: list[Firing] = []
        self.removed_headers: set[str] = set()
        """Names, in lower case, of headers that are removed from the answer."""

    def in_place(self, firing: Firing) -> Answer:
        """Return the answer to a request that a fault ended before it was carried out."""
        return self._changed_by(Answer(200), firing, "before")

    def postponed(self, firing: Firing) -> Answer:
        """Return the answer to a request that is carried out later."""
        return self._changed_by(Answer(202), firing, "later")

    def afterwards(self, answer: Answer) -> Answer:
        """Return the answer to a request that was carried out, after list faults and response effects."""
        answer = self._listed(answer)
        firing = self._take("after")
        if firing is None:
            return answer
        operations = self._request.operations
        for effect in firing.fault.each(AfterwardsEffect):
            if effect.apply(operations.target, operations.exchange.intents):
                operations.strike(firing)
        return self._changed_by(answer, firing, "after")

    def on_the_wire(self, answer: Answer) -> Answer:
        """Return the answer, also that of a refusal, after effects of the moment `wire`."""
        firing = self._take("wire")
        return answer if firing is None else self._changed_by(answer, firing, "wire")

    def delivery(self, size: int) -> Delivery:
        """Return how an answer with a body of this size in bytes is sent."""
        delivery = Delivery(size)
        for firing in self._firings:
            for effect in firing.fault.each(ConnectionEffect):
                if effect.apply(delivery):
                    self._request.operations.strike(firing)
            delivery.is_lost = delivery.is_lost or firing.fault.ends_connection
        return delivery

    def _take(self, moment: Moment) -> Firing | None:
        """Return the fault that fires on the answer, after its delay."""
        operations = self._request.operations
        plan, exchange = operations.target.faults, operations.exchange
        if not plan.is_armed:
            return None
        whole, firing = exchange.operation, None
        for intent in exchange.intents:
            firing = plan.take(intent.operation, intent.known_as, moment, part_of=whole, occasion=operations)
            if firing is not None:
                break
        firing = firing or plan.take(whole, (), moment, occasion=operations)
        if firing is not None:
            operations.wait(firing)
        return firing

    def _listed(self, answer: Answer) -> Answer:
        """Return a list answer without resources hidden by the replication lag, and with list faults applied."""
        operations, view = self._request.operations, self._request.dialect.lists(self._request)
        lag = operations.target.replication_lag
        if view is None or answer.status != 200 or not (operations.list_faults or lag.hides_any):
            return answer
        for firing in operations.list_faults:
            answer = self._applied(answer, firing, "before", firing.fault.each(ListFault))
        return Answer(answer.status, lag.without_hidden(view, answer.body), answer.headers)

    def _changed_by(self, answer: Answer, firing: Firing, moment: Moment) -> Answer:
        self._firings.append(firing)
        effects = (each for each in firing.fault.each(AnswerEffect) if not isinstance(each, ListFault))
        return self._applied(answer, firing, moment, effects)

    def _applied(self, answer: Answer, firing: Firing, moment: Moment, effects: Any) -> Answer:
        operations, dialect = self._request.operations, self._request.dialect
        answering = Answering(
            status=answer.status,
            body=answer.body,
            headers=dict(answer.headers),
            moment=moment,
            now=operations.target.clock.now(),
            list_view=dialect.lists(self._request),
            refuse=self._refuse,
            ask=self._ask,
            naming=dialect,
            query=self._request.facts.query,
            usual_headers={"Content-Type": dialect.media_type, **dialect.headers(self._request)},
            remembered=operations.target.memory.setdefault("last rows of pages", {}),
            removed_headers=self.removed_headers,
        )
        for effect in effects:
            if effect.apply(answering):
                operations.strike(firing)
        return Answer(answering.status, answering.body, answering.headers)

    def _refuse(self, status: int, reason: Reason | None, detail: str) -> Answer:
        return self._request.dialect.error(self._request, Broken(detail, status=status, reason=reason))

    def _ask(self, changes: Changes) -> Any:
        """Return the answer body of the same request with other parameters; None unless it succeeds."""
        if self._route is None:
            return None
        try:
            answer = self._route.view(self._request.varied(changes))
        except self._request.dialect.every_refusal():
            return None
        return answer.body if answer.status == 200 else None
