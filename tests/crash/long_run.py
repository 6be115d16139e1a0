"""`make crash`: the long run, on a PostgreSQL server of its own where that is asked for."""

import sys
from contextlib import nullcontext

from loadtests.crash.__main__ import main
from tests.postgres import running_server

POSTGRESQL = "postgresql"

if __name__ == "__main__":
    asked = POSTGRESQL in sys.argv
    with running_server() if asked else nullcontext() as server:
        url = server.url() if server else ""
        main([url if one == POSTGRESQL else one for one in sys.argv[1:]])
