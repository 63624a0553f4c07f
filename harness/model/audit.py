"""The audit log: one record for each event, whatever became of it. Errors that a retry repaired show only here.

The names of actions and outcomes are our own: the vendor's list of provisioning events is not public.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

EntityKind = Literal["user", "group", "membership"]
Action = Literal["search", "link", "create", "update", "disable", "enable", "delete", "add_member", "remove_member"]
Outcome = Literal["success", "failed", "withheld", "retried", "deferred"]


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One event.

    `entity` is the source id of the user or group (`group id/user id` for a membership), `detail` says in words what
    happened (for an error: the status and the target's own message), `remote_id` the id at the target, if known.
    `withheld`: a switch forbade it. `retried`: it failed and will be tried again. `deferred`: it waits for an account.
    """

    at: datetime
    entity_kind: EntityKind
    entity: str
    action: Action
    outcome: Outcome
    detail: str = ""
    remote_id: str | None = None
