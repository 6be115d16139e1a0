"""Faker orders and the signed client that brings them to the hook.

Read in this order: `chance` (seeded draws), `markets` and `phones` (countries), `personas` (who
buys), `spelling` (how they write themselves down), `catalogue`, `baskets` and `lines` (what they
pay), `journeys` (how they came and what they agreed to), `orders` (all of it under the contract),
`breakages` (ways to break an order), `traffic` (orders with duplicates and broken ones among them),
`hook_client` (signs and sends), `curl` (the same by hand), `command` (`mock-platform orders`),
`locustfile` and `load` (the whole path under load).
"""
