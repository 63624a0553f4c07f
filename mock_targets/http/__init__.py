"""The Flask application of a target: pipeline, router, request, answers, errors, authentication, JSON."""
