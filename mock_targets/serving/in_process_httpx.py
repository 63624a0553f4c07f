"""In-process transport for httpx, sync and async: its transports ask the apps of an environment in place of a network.

A lost answer is a RemoteProtocolError, a reset a ReadError, a truncated body a RemoteProtocolError while it is read,
and silence for longer than the caller's timeout (on the environment's clock) a ReadTimeout, as with a real connection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from provcheck.mock_targets.serving.wsgi_call import Mounted, Received, Sent

CUT = "peer closed connection without sending complete message body"
LOST = "Server disconnected without sending a response."


@contextmanager
def patched(library: str, mounted: Mounted, passes: Callable[[str], bool]) -> Iterator[None]:
    """Let the transports of httpx (`library`: its name, or that of another edition) ask what is mounted.

    `passes` says which other URLs may be asked for; all others raise ConnectError.
    """
    httpx = import_module(library)
    sync, other = httpx.HTTPTransport, httpx.AsyncHTTPTransport
    before = sync.handle_request, other.handle_async_request

    def handle(transport: Any, request: Any) -> Any:
        if _elsewhere(httpx, mounted, passes, request):
            return before[0](transport, request)
        return _answer(httpx, mounted.receive(_sent(request, request.read())), request)

    async def handle_async(transport: Any, request: Any) -> Any:
        if _elsewhere(httpx, mounted, passes, request):
            return await before[1](transport, request)
        from anyio import to_thread  # httpx needs it itself; a delayed answer must not hold up the event loop

        sent = _sent(request, await request.aread())
        return _answer(httpx, await to_thread.run_sync(mounted.receive, sent), request)

    sync.handle_request, other.handle_async_request = handle, handle_async
    try:
        yield
    finally:
        sync.handle_request, other.handle_async_request = before


def _elsewhere(httpx: Any, mounted: Mounted, passes: Callable[[str], bool], request: Any) -> bool:
    """Whether a request goes to the network. Raises ConnectError if it may not."""
    url = str(request.url)
    if mounted.holds(url):
        return False
    if passes(url):
        return True
    raise httpx.ConnectError(f"nothing is mounted at {url}", request=request)


def _sent(request: Any, body: bytes) -> Sent:
    return Sent(request.method, str(request.url), list(request.headers.multi_items()), body)


def _answer(httpx: Any, got: Received, request: Any) -> Any:
    read_timeout = (request.extensions.get("timeout") or {}).get("read")
    if read_timeout is not None and got.longest_silence > read_timeout:
        raise httpx.ReadTimeout("The read operation timed out", request=request)
    if got.lost is not None and got.lost.resets:
        raise httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
    if got.lost is not None:
        raise httpx.RemoteProtocolError(LOST, request=request)

    class Body(httpx.SyncByteStream, httpx.AsyncByteStream):  # type: ignore[misc]  # both are classes of the module
        """The body as it arrives; one that is cut off ends in an error."""

        def __iter__(self) -> Iterator[bytes]:
            yield got.body
            if got.is_short and request.method != "HEAD":
                raise httpx.RemoteProtocolError(CUT, request=request)

        async def __aiter__(self) -> AsyncIterator[bytes]:
            for part in self:
                yield part

    extensions = {"http_version": b"HTTP/1.1"}
    return httpx.Response(got.status, headers=got.headers, stream=Body(), extensions=extensions, request=request)
