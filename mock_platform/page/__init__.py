"""The page people look at: the books of a workspace as HTML, and switches for what it plays.

`routes` (list, event, and what every page has), `reports` (diagnostics, match quality, requests,
rules), `controls`, `orders` and `shop` are the URLs. Each reads through `books` and leaves the
thinking to a module of its own: `checklist`, `document`, `pairing`, `chart`, `diagnostics`.

Works without JavaScript; htmx, kept in `static` as published, only asks again once a second.
"""
