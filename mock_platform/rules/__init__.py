"""The mock's own statement of the platforms' rules, read from their documents.

Pure functions and tables: `model` (rule, finding), `catalogue` (every Meta rule with its id,
severity and document), then one module a subject: `fields` (schema), `time_windows`, `hashing`,
`plain_keys`, `user_data`, `custom_data`, `currencies`, `context`, `limited_data_use`, and `dedup`.
Nothing here is shared with the bridge: two readings of one document catch each other's mistakes.
"""
