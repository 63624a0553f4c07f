"""The OpenAPI document of the control API, and that the API does what it says."""

from __future__ import annotations

import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from provcheck.mock_targets.control_api.openapi import TABLE, document
from tests.fake_target import SPEC, make_environment

environment = make_environment()
HEADERS = {"Authorization": f"Bearer {environment.control_token}"}
schema = schemathesis.pytest.from_fixture("control_api")


@pytest.fixture
def control_api(request):
    """Read when the test runs: the requests that cover the schema take seconds to make, in every worker."""
    request.node._nodeid = request.node.nodeid  # schemathesis 4.32 reads and writes it, pytest 9.2 has it no more
    return schemathesis.openapi.from_wsgi("/_control/openapi.json", environment, headers=HEADERS)


@pytest.mark.timeout(300)
@schema.parametrize()
@settings(max_examples=6, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_to_its_document(case):
    # What a schema cannot say (a taken name, an unknown flag) is refused although it is valid.
    case.call_and_validate(headers=HEADERS, excluded_checks=[positive_data_acceptance])


@pytest.mark.parametrize("route", TABLE, ids=lambda route: route.name)
def test_every_route_says_what_it_does(route):
    assert route.doc
    assert not route.doc.endswith(".")


def test_operation_names_are_unique():
    names = [route.name for route in TABLE]
    assert len(names) == len(set(names))


def test_every_named_shape_is_a_valid_schema():
    for shape in document("http://x", {"fake": SPEC})["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(shape)
