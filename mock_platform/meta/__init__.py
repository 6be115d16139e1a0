"""Meta's side of the mock: Graph requests in, Graph answers out.

`request` decodes, `events` judges, `breakage` applies faults, `routes` ties them together and
enters the outcome in the workspace's books; `pixel` is the browser's door, `nodes` the small
reading edges, `errors` Graph's errors as a table, `answer` what goes back on the wire.
"""
