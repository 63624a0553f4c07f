"""The client contract: the messages between the harness and a client, and their schema.

Each request has one answer, and nothing else is sent. A client never asks the harness.
"""

from provcheck.harness.contract.client_capabilities import CLIENT_CAPABILITIES, CLIENT_CAPABILITY_OF, METHOD_OF
from provcheck.harness.contract.description import EVERYTHING, Description
from provcheck.harness.contract.messages import (
    VERSION,
    changes,
    connection_as_dict,
    population_as_dict,
    rule_as_dict,
)
from provcheck.harness.contract.results import BadMessage, read_answer, read_result
from provcheck.harness.contract.schema import METHODS, schema

__all__ = [
    "CLIENT_CAPABILITIES",
    "CLIENT_CAPABILITY_OF",
    "EVERYTHING",
    "METHODS",
    "METHOD_OF",
    "VERSION",
    "BadMessage",
    "Description",
    "changes",
    "connection_as_dict",
    "population_as_dict",
    "read_answer",
    "read_result",
    "rule_as_dict",
    "schema",
]
