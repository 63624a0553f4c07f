"""The generic SCIM service provider."""
