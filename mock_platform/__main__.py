"""`python -m mock_platform` is `mock-platform`."""

from mock_platform.cli import main

main(prog_name="mock-platform")
