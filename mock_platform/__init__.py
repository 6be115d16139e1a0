"""The mock platform: stands in for Meta's Conversions API, and imports nothing from the bridge.

Read in this order:

1. `rules/` - the platform's rules as tables and pure functions
2. `meta/` - Graph requests in, Graph answers out
3. `ledger`, `journal` - the books: verdicts, deduplication, pages, waiting
4. `clock`, `settings`, `faults`, `workspace` - what makes one isolated world
5. `admin`, `app`, `connection`, `server` - the URLs, and the server that can break a connection
6. `client`, `pytest_plugin`, `cli` - how people and tests use it
"""
