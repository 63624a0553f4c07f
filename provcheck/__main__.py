"""`python -m provcheck`: the command line."""

from provcheck.harness.cli import main

main()
