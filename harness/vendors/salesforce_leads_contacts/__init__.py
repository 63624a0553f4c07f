"""Salesforce Leads and Contacts."""
