"""The mock platform: stands in for Meta and Google, and imports nothing from the bridge.

Read in this order:

1. `rules/` - the platform's rules as tables and pure functions
2. `meta/`, `google/` - their requests in, their answers out
3. `entries`, `ledger_file`, `ledger`, `ledger_memory`, `search`, `journal` - the books: verdicts,
   pages, waiting
4. `fault`, `fault_reading`, `faults`, `fault_names`, `fault_taking`, `scenario` - breaking on
   demand
5. `clock`, `setting_readers`, `settings`, `known_orders`, `workspace` - with the above, one
   isolated world
6. `admin_request`, `admin`, `admin_scenarios`, `admin_known`, `violations`, `app`, `current`,
   `connection`, `server` - the URLs, and a server that can break off
7. `page` - the same for people to look at and press
8. `expectation`, `verification`, `admin_asserting`, `export`, `replay` - holding the journal
   against what was expected, and handing it out
9. `client`, `pytest_plugin`, `command_options`, `commands`, `asserting_commands`, `rules_page`,
   `cli` - how people and tests use it
"""
