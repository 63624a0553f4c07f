"""A cache for what is made from texts that clients send: only for short texts, so that it holds few bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

LONGEST = 512
"""Characters of a text for which a result is kept; what nearly every client sends is far shorter."""

_Rest = ParamSpec("_Rest")
_Result = TypeVar("_Result")
_Function = Callable[Concatenate[str, _Rest], _Result]


def cached_if_short(maxsize: int) -> Callable[[_Function[_Rest, _Result]], _Function[_Rest, _Result]]:
    """Keep the newest results of a function for so many first arguments that are not long."""

    def decorate(function: _Function[_Rest, _Result]) -> _Function[_Rest, _Result]:
        cached: _Function[_Rest, _Result] = lru_cache(maxsize=maxsize)(function)

        @wraps(function)
        def call(text: str, /, *args: _Rest.args, **kwargs: _Rest.kwargs) -> _Result:
            return (cached if len(text) <= LONGEST else function)(text, *args, **kwargs)

        return call

    return decorate
