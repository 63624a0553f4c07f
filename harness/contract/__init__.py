"""The client contract: what the harness and a client under test say to one another. Pure: messages and their schema.

One message asks, one answers, and nothing else is ever sent. A client never asks the harness.
"""

from provcheck.harness.contract.abilities import ABILITIES, METHOD_OF, SPOKEN_OF
from provcheck.harness.contract.description import EVERYTHING, Description
from provcheck.harness.contract.messages import (
    VERSION,
    audit_from,
    changes,
    connection_as_dict,
    description_from,
    population_as_dict,
    rule_as_dict,
    summary_from,
)
from provcheck.harness.contract.schema import METHODS, BadMessage, check_params, check_result, schema

__all__ = [
    "ABILITIES",
    "EVERYTHING",
    "METHODS",
    "METHOD_OF",
    "SPOKEN_OF",
    "VERSION",
    "BadMessage",
    "Description",
    "audit_from",
    "changes",
    "check_params",
    "check_result",
    "connection_as_dict",
    "description_from",
    "population_as_dict",
    "rule_as_dict",
    "schema",
    "summary_from",
]
