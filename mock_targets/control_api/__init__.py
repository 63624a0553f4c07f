"""The control API: one table of routes, the same for every target, from which its OpenAPI document is generated."""
