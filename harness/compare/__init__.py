"""Compares what a target answers with a recording of the real thing."""
