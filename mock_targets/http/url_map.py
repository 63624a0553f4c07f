"""URL maps, compiled once for all apps that have the same rules: there is an app per target of each tenant."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.routing import Map, Rule


@lru_cache(maxsize=64)
def url_map(*rules: tuple[str, str, str, bool], merge_slashes: bool = True) -> Map:
    """The map of these rules: endpoint, path, method and whether slashes are strict. The same rules give the same map.

    With strict slashes, one at the end of a path that has none is an unknown path; without, it is passed over.
    """
    compiled = Map(
        [
            Rule(path, endpoint=endpoint, methods=[method], strict_slashes=strict)
            for endpoint, path, method, strict in rules
        ],
        merge_slashes=merge_slashes,
    )
    compiled.update()  # now, not in the first requests, which may come at the same time
    return compiled
