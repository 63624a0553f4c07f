"""A client that is an HTTP service: each request is POSTed as JSON to one URL; the answer is the response body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests

from provcheck.harness.adapters import envelope
from provcheck.harness.adapters.channel import in_time
from provcheck.harness.adapters.interface import BrokenContract

_BLOCK = 65536


class ServiceChannel:
    """A service at a URL. It is not ours: nothing is started and nothing is ended."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self._url, self._timeout, self._number = url, timeout, 0
        self._session = requests.Session()
        self._session.trust_env = False

    def call(self, method: str, params: Mapping[str, Any]) -> object:
        """POST a request. Raises BrokenContract, NoAnswer and CallFailed."""
        self._number += 1
        body = envelope.request(self._number, method, params)
        try:
            answer = in_time(self._timeout, method, lambda: self._post(method, body))
        except requests.RequestException as error:
            raise BrokenContract(f"{method} could not be asked of {self._url}: {_reason(error)}") from None
        return envelope.result(self._number, method, answer)

    def end(self) -> None:
        """Close the connections."""
        self._session.close()

    def _post(self, method: str, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        with self._session.post(
            self._url, data=body, headers=headers, timeout=self._timeout, stream=True, allow_redirects=False
        ) as response:
            answer = b""
            for block in response.iter_content(_BLOCK):
                answer += block
                if len(answer) > envelope.MOST_BYTES:
                    raise BrokenContract(f"{method} was answered with more than {envelope.MOST_BYTES} bytes")
            if response.status_code != requests.codes.ok:
                raise BrokenContract(f"{method} was answered with status {response.status_code}")
            return answer


def _reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.ConnectionError) and not isinstance(error, requests.Timeout):
        text = str(error)
        for sign, words in (("refused", "nobody listens there"), ("Name or service", "there is no such host")):
            if sign in text:
                return words
        return "the connection ended without an answer"
    if isinstance(error, requests.exceptions.InvalidURL):
        return "that is no address of a service"
    return type(error).__name__
