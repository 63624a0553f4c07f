"""In-process transport: calls of `requests` go to the WSGI apps of an environment, without sockets.

The caller sees what a real connection would show: a lost answer or a reset is a ConnectionError, a truncated body a
ChunkedEncodingError, and silence for longer than the caller's timeout (on the environment's clock) a ReadTimeout.
`mount` does the same for httpx and aiohttp, where they are installed.
"""

from __future__ import annotations

import errno
import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from http import HTTPStatus
from http.client import RemoteDisconnected
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

import requests
import responses
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import HTTPHeaderDict, HTTPResponse
from urllib3.exceptions import ProtocolError

from provcheck.mock_targets.clock import Clock
from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.http.errors import AnswerLost
from provcheck.mock_targets.http.wsgi import WsgiApp
from provcheck.mock_targets.serving.wsgi_call import Mounted, Received, Sent, receive

_OTHER_LIBRARIES = {
    "httpx": "provcheck.mock_targets.serving.in_process_httpx",
    "httpx2": "provcheck.mock_targets.serving.in_process_httpx",
    "aiohttp": "provcheck.mock_targets.serving.in_process_aiohttp",
}
"""Library -> the module that patches it; httpx2 is another edition of httpx."""
_REASONS = {status.value: status.phrase for status in HTTPStatus}


class WsgiAdapter(BaseAdapter):
    """A transport for a `requests.Session` that calls a WSGI app (an `Environment` is one) in place of a network.

    `session.mount("http://localhost", WsgiAdapter(environment))`. A `clock` makes timeouts of the caller count.
    """

    def __init__(self, app: WsgiApp, *, clock: Clock | None = None) -> None:
        super().__init__()
        self._app = app
        self._clock = clock or (app.clock if isinstance(app, Environment) else None)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: FBT001, FBT002  # the signature is that of requests
        timeout: Any = None,
        verify: Any = True,  # noqa: FBT002 - the signature of requests
        cert: Any = None,
        proxies: Any = None,
    ) -> requests.Response:
        """Answer a prepared request."""
        del stream, verify, cert, proxies
        got = receive(self._app, _sent(request), clock=self._clock)
        _check(got, request, timeout)
        response = requests.Response()
        response.status_code, response.reason = got.status, _REASONS.get(got.status, "")
        response.headers = CaseInsensitiveDict(got.headers)
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.url, response.request = request.url or "", request
        if got.cut:
            response.raw = _as_urllib3(got, request.method)
        else:
            response.raw = io.BytesIO(got.body)
            response._content, response._content_consumed = got.body, True  # type: ignore[attr-defined]  # set as requests does
        return response

    def close(self) -> None:
        """Nothing is held open."""


@contextmanager
def mount(environment: Environment, url_map: Mapping[str, str] | None = None) -> Iterator[responses.RequestsMock]:
    """Let every call of this process that goes to the environment be answered by it, without sockets.

    Calls of `requests`, and of httpx (sync and async) and aiohttp where they are installed; faults raise the errors
    of the library that is used.

    The environment's own URL is answered, and so are the vendors' real URLs. `url_map` adds URLs (scheme, host and
    perhaps a path) at which a target is reached: `{"https://people.example/idp": "scim"}`; URLs in the target's
    answers then begin with it. Calls to other URLs raise the library's own connection error, unless they are
    allowed with `add_passthru` of the `RequestsMock` that this yields. Raises UnknownTarget for a name that is not
    in the environment.
    """
    moved = {name: url.rstrip("/") for url, name in (url_map or {}).items()}
    mounted = Mounted(environment, {url.rstrip("/"): name for url, name in (url_map or {}).items()})
    before = {name: environment.target(name).base_url for name in moved}
    for name, url in moved.items():
        environment.target(name).base_url = url
    try:
        with responses.RequestsMock(assert_all_requests_are_fired=False) as mocks:
            mocks.add(_MountedApps(mounted))
            with ExitStack() as others:
                for library in _OTHER_LIBRARIES:
                    if find_spec(library):
                        others.enter_context(_patched(library, mounted, lambda url: _passes(mocks, url)))
                yield mocks
    finally:
        for name, url in before.items():
            environment.target(name).base_url = url


def _patched(library: str, mounted: Mounted, passes: Callable[[str], bool]) -> AbstractContextManager[None]:
    patch = import_module(_OTHER_LIBRARIES[library]).patched  # late: it imports the library
    return cast(AbstractContextManager[None], patch(library, mounted, passes))


def _passes(mocks: responses.RequestsMock, url: str) -> bool:
    """Whether a URL was allowed with `add_passthru`."""
    return any(
        url.startswith(prefix) if isinstance(prefix, str) else prefix.match(url) for prefix in mocks.passthru_prefixes
    )


class _MountedApps(responses.BaseResponse):
    """An entry of the `responses` registry that matches every URL below one of the prefixes."""

    def __init__(self, mounted: Mounted) -> None:
        super().__init__("ANY", re.compile("|".join(re.escape(prefix) for prefix in mounted.prefixes)))
        self._mounted = mounted

    def matches(self, request: requests.PreparedRequest) -> tuple[bool, str]:
        found = self._mounted.holds(str(request.url))
        return (True, "") if found else (False, "the environment has nothing at this URL")

    def get_response(self, request: requests.PreparedRequest) -> Any:
        options: Mapping[str, Any] = getattr(request, "req_kwargs", {})
        got = self._mounted.receive(_sent(request))
        _check(got, request, options.get("timeout"))
        return _as_urllib3(got, request.method)


def _as_urllib3(got: Received, method: str | None) -> HTTPResponse:
    """The response as `requests` gets it from a connection; reading a truncated body raises."""
    return HTTPResponse(
        body=io.BytesIO(got.body),
        headers=HTTPHeaderDict(got.headers),
        status=got.status,
        reason=_REASONS.get(got.status),
        preload_content=False,
        request_method=method,
        enforce_content_length=True,
    )


def _sent(request: requests.PreparedRequest) -> Sent:
    return Sent(str(request.method), request.url or "", list(request.headers.items()), request.body)


def _check(got: Received, request: requests.PreparedRequest, timeout: Any) -> None:
    """Raise what `requests` raises for silence longer than a timeout, and for a connection without an answer."""
    read_timeout = timeout[1] if isinstance(timeout, tuple) else getattr(timeout, "read_timeout", timeout)
    if isinstance(read_timeout, int | float) and got.longest_silence > read_timeout:
        raise requests.exceptions.ReadTimeout(f"Read timed out. (read timeout={read_timeout})", request=request)
    if got.lost is not None:
        raise requests.exceptions.ConnectionError(_end_of(got.lost), request=request)


def _end_of(lost: AnswerLost) -> ProtocolError:
    """The error of urllib3 for a connection that ends without a response."""
    if lost.resets:
        reset = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
        return ProtocolError("Connection aborted.", reset)
    return ProtocolError("Connection aborted.", RemoteDisconnected("Remote end closed connection without response"))
