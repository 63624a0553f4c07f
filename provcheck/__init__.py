"""Mock provisioning targets, and a conformance harness for provisioning clients.

The two packages lie at the top of the repository (`mock_targets/`, `harness/`); the links beside this file give them
their installed names, `provcheck.mock_targets` and `provcheck.harness`.
"""

import os.path

if not os.path.isdir(os.path.join(__path__[0], "harness")):  # noqa: PTH112, PTH118  # pathlib would slow every start
    __path__.append(os.path.dirname(__path__[0]))  # noqa: PTH120  # a checkout on a file system without links
