"""Provisioning clients that obey the contract, each in a lawful style of its own: none may ever be accused.

They are written from the contract alone and share nothing with the reference client. A finding on one of them is a
fault of the harness.
"""
