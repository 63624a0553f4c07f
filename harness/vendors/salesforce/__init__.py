"""Salesforce (workforce users)."""
