"""Meta's side of the mock: Graph requests in, Graph answers out.

`request` decodes, `events` judges, `breakage` applies faults, `routes` ties them together and
enters the outcome in the workspace's books; `access` decides on tokens, versions and
datasets, `pixel` is the browser's door, `nodes` and `quality` are the reading edges, `errors` is
Graph's errors as a table, `answer` what goes back on the wire, `journalled` what is kept of it.
"""
