"""The contract as a page for people: how a client is called, and every method with one example.

The examples are made by the code that sends and reads the messages, so they are always up to date.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from textwrap import fill, indent
from typing import Any

from provcheck.harness.contract.client_capabilities import CLIENT_CAPABILITIES, METHOD_OF
from provcheck.harness.contract.messages import VERSION, changes, connection_as_dict, population_as_dict, rule_as_dict
from provcheck.harness.contract.schema import METHODS
from provcheck.harness.model import Connection, Counters, Population, Rule, SourceGroup, SourceUser, SyncSummary

WIDTH = 100
_INTRODUCTION = f"""\
The client contract, version {VERSION}

provcheck asks, the client answers: one JSON object each (JSON-RPC 2.0), one call at a time.

  a command       provcheck check --client 'node client.mjs'
                  One line in, one line out. Standard output is for answers alone; log to standard error.
                  A process is started for each scenario, and ended after `close`.
  a service       provcheck check --client http://127.0.0.1:9000
                  Each request is a POST to that URL, the answer is the body of a 200.
                  `configure` with `fresh` true means: a new scenario, forget everything.
  a Python object provcheck check --client package.module:factory
                  factory() is called for each scenario. Its object has the methods below, with the parameters as
                  keywords; it returns the result and raises any exception to say that it failed.

An answer has a `result`, or an `error` when the client could not do what was asked: that is a finding. What goes wrong
at the target is no error: it is for the summary. A client that cannot serve a rule (an external group is selected, say)
answers configure, apply or resync with {{"refused": "why"}}. Every call has to be answered in time (--timeout).

The targets are real servers on this machine with a bearer token in `connection.token`; a pause that they ask for
(Retry-After) is a second. Whatever is printed here is in the schema: provcheck contract --schema
"""


def page() -> str:
    """The whole page. Ends with a line break."""
    return "\n".join(_lines())


def examples() -> Mapping[str, tuple[dict[str, Any], dict[str, Any]]]:
    """For each method the parameters and the result of one example."""
    ada = SourceUser(
        "u-ada", "ada", email="ada@example.com", given_name="Ada", family_name="Byron", display_name="Ada B."
    )
    before = Population((ada,), ())
    after = Population((ada,), (SourceGroup("g-red", "Red", ("u-ada",)),))
    connection = Connection("scim", "SCIM 2.0", "http://127.0.0.1:40123/scim/v2", token="tok-1")
    groups, users = Counters(impacted=1, success=1), Counters(impacted=1, success=1)
    configured = {"connection": connection_as_dict(connection), "rule": rule_as_dict(Rule()), "fresh": True}
    record = {"at": "2026-01-01T09:00:00+00:00", "entity_kind": "user", "entity": "u-ada", "action": "create"}
    ends = {"direction": "Outbound", "source": Rule().source, "target": Rule().target}
    described = {"contract": VERSION, "name": "my client", "version": "1.0", "targets": ["scim"]}
    return {
        "describe": ({"contract": VERSION}, {**described, "capabilities": ["create", "update", "summary"]}),
        "configure": (configured, {}),
        "apply": ({"population": population_as_dict(after), "changes": changes(before, after)}, {}),
        "resync": ({"population": population_as_dict(after)}, {}),
        "restart": ({}, {}),
        "summary": ({}, {"summary": SyncSummary(users, groups).as_dict()}),
        "orphans": ({}, {"orphans": ["u-eve"]}),
        "warnings": ({}, {"warnings": ["the rule selects 1001 groups; at most 1000 are recommended"]}),
        "audit": ({}, {"records": [{**record, "outcome": "success", "detail": "201", "remote_id": "38c0"}]}),
        "status": ({}, {"status": {"sync_status": "Active", "last_sync": record["at"], **ends}}),
        "close": ({}, {}),
    }


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield "Methods\n"
    for number, (method, (params, result)) in enumerate(examples().items(), start=1):
        optional = " (only if you name the capability)" if method in METHOD_OF else ""
        yield fill(f"{method}{optional}: {METHODS[method]}", WIDTH, initial_indent="  ", subsequent_indent="    ")
        request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        yield _shown("> ", request)
        yield _shown("< ", {"jsonrpc": "2.0", "id": number, "result": result}) + "\n"
    yield "Capabilities: what `describe` may name. What is not named is not asked; its scenarios are skipped.\n"
    for word, meaning in CLIENT_CAPABILITIES.items():
        yield f"  {word:<20}{meaning}"
    yield ""


def _shown(mark: str, message: dict[str, Any]) -> str:
    return indent(mark + json.dumps(message, ensure_ascii=False), "    ")
