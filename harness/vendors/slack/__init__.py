"""Slack's SCIM API."""
