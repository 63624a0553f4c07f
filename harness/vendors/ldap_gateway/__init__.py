"""LDAP Gateway."""
