"""URL maps, compiled once for all apps with the same rules: each tenant has an app per target."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.routing import Map, Rule


@lru_cache(maxsize=64)
def url_map(*rules: tuple[str, str, str, bool], merge_slashes: bool = True) -> Map:
    """Return the map of these rules (endpoint, path, method, strict slashes); equal rules give the same map.

    With strict slashes, one at the end of a path that has none is an unknown path; without, it is passed over.
    """
    compiled = Map(
        [
            Rule(path, endpoint=endpoint, methods=[method], strict_slashes=strict)
            for endpoint, path, method, strict in rules
        ],
        merge_slashes=merge_slashes,
    )
    compiled.update()  # now, because the first requests may be concurrent
    return compiled
