"""Aquera."""
