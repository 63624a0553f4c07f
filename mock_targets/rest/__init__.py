"""The family of JSON REST APIs: resources drawn from attribute tables, made to be subclassed (`rest.dialect`)."""
