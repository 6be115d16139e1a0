"""What is wrong, or will be, before an order finds out.

`finding` (what is told), `settings_checks` and `skips` (settings alone), `meta_checks` and
`google_checks` (what the platforms answer), `examination` (asks them, one destination at a time).
"""
