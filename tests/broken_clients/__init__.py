"""Provisioning clients with one named mistake each, and the proof that the harness catches every one of them.

A broken client is the reference client with one of its parts replaced, by overriding public methods. The class that
replaces the part is the entry of the catalogue: its name names the mistake, its docstring describes it, its decorator
says who must notice. `python -m tests.broken_clients` prints who catches whom.
"""
