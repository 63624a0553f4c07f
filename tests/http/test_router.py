"""Answers as WSGI apps, and how a Flask app of a target finds its views."""

from __future__ import annotations

import logging

import pytest
from werkzeug.test import Client

from provcheck.mock_targets.http.router import Reply, TargetFlask

STRAY = Reply(404, {}, b"stray")


@pytest.fixture
def app():
    return TargetFlask(__name__, lambda request, why: STRAY)


@pytest.mark.parametrize(
    ("status", "told"), [(200, "200 OK"), (201, "201 CREATED"), (299, "299 UNKNOWN"), (429, "429 TOO MANY REQUESTS")]
)
def test_the_status_has_its_phrase(status, told):
    assert Client(Reply(status, {}, b"{}")).get("/").status == told


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_may_have_no_body_has_none_and_no_length(status):
    answer = Client(Reply(status, {"ETag": 'W/"1"'}, b"never")).get("/")
    assert (answer.data, "Content-Length" in answer.headers, answer.headers["ETag"]) == (b"", False, 'W/"1"')


def test_the_answer_to_a_head_request_has_the_length_and_not_the_body():
    answer = Client(Reply(200, {}, b"12345")).head("/")
    assert (answer.data, answer.headers["Content-Length"]) == (b"", "5")


def test_an_empty_body_has_the_length_zero():
    assert Client(Reply(404, {}, b"")).get("/").headers["Content-Length"] == "0"


def test_a_length_that_is_given_stays():
    assert Client(Reply(200, {"Content-Length": "9"}, b"12345")).get("/").headers["Content-Length"] == "9"


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b=c", "a\nb"])
def test_a_header_with_a_line_break_is_refused(value):
    with pytest.raises(ValueError, match="line break"):
        Reply(200, {"X-Name": value}, b"")


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("http://localhost/Users/1?a=b&c", "http://localhost/Users/1?a=b&c"),
        ("http://localhost/Users/ünï cöde", "http://localhost/Users/%C3%BCn%C3%AF%20c%C3%B6de"),
        ("http://bücher.example/Users/1", "http://xn--bcher-kva.example/Users/1"),
    ],
)
def test_a_location_is_a_uri_whatever_is_in_it(url, sent):
    assert Client(Reply(201, {"Location": url}, b"")).get("/").headers["Location"] == sent


def test_a_request_that_no_route_takes_goes_astray(app):
    assert Client(app).get("/nowhere").data == b"stray"


def test_what_breaks_outside_the_pipeline_is_a_500_and_in_the_log(app, caplog):
    def broken(request):
        raise RuntimeError("before anything was opened")

    app.add_url_rule("/x", view_func=broken)
    with caplog.at_level(logging.ERROR):
        assert Client(app).get("/x").status_code == 500
    assert "before anything was opened" in caplog.text


def test_host_and_upgrade_headers_do_not_choose_the_route(app):
    app.add_url_rule("/x", view_func=lambda request: Reply(200, {}, b"x"))
    headers = {"Host": "no such host!", "Connection": "upgrade", "Upgrade": "websocket"}
    assert Client(app).get("/x", headers=headers).data == b"x"
