"""Mock provisioning targets, and a conformance harness for provisioning clients.

The two packages lie at the top of the repository (`mock_targets/`, `harness/`); the links beside this file give them
their installed names, `provcheck.mock_targets` and `provcheck.harness`.
"""
