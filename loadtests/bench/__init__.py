"""`make bench`: what one order costs the bridge, beside Meta's own SDK, as a ratio in one run.

Read in this order: `bridge_path` (the bridge's side, stage by stage), `meta_sdk` (Meta's side),
`population` (orders of distinct persons, as both sides take them), `rounds` (who is measured when,
in a fresh process), `hook` and `bare` (the hook beside a bare route), `whole_path` (hook, sender
and mock together), `spread` (the spread of repetitions), `report` (`bench.json` and the table),
`__main__` (the command).

Commands beside it: `stores` (databases side by side), `backlog` (what a million waiting deliveries
change, with `installations` and `copies`).
"""
