"""Salesforce Communities."""
