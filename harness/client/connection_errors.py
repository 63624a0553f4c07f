"""Why a request got no answer, in one line: the host, and the cause that the system or the library names."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from http.client import IncompleteRead
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, ReadTimeoutError


def host_of(url: str) -> str:
    """Host and port of a URL, without credentials; the URL itself where it has none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or url
    except ValueError:
        return url


def cause(error: Exception) -> str:
    """The cause of a failed connection in plain words."""
    chain = list(_chain(error))
    for each in chain:
        if isinstance(each, ssl.SSLCertVerificationError):
            return f"the certificate was not accepted: {each.verify_message}"
        if isinstance(each, socket.gaierror):
            return "there is no host of this name"
    if any(isinstance(each, ssl.SSLError) for each in chain):
        return "the server does not speak TLS as expected"
    if any(isinstance(each, requests.exceptions.SSLError) for each in chain):
        return "the certificate was not accepted"
    if any(isinstance(each, requests.exceptions.ProxyError) for each in chain):
        return "the proxy could not be used"
    if any(isinstance(each, requests.exceptions.ConnectTimeout) or type(each) is ConnectTimeoutError for each in chain):
        return "no connection was made in time"
    if any(isinstance(each, requests.exceptions.ReadTimeout | ReadTimeoutError | TimeoutError) for each in chain):
        return "no answer came in time"
    if any(isinstance(each, IncompleteRead) for each in chain):
        return "the connection ended in the middle of the answer"
    for each in chain:
        if isinstance(each, OSError) and each.strerror:
            return each.strerror[0].lower() + each.strerror[1:]
        if type(each).__name__ == "RemoteDisconnected":
            return "the connection was closed without an answer"
    return type(error).__name__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what caused it: libraries hold causes as arguments, reasons and contexts."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [*each.args, getattr(each, "reason", None), each.__cause__, each.__context__]
