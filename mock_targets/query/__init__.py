"""Queries in any language: one tree, compiled against an attribute table, answered by indexes."""
