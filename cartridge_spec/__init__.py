"""The contract between a cartridge and the bridge, as package data (see README.md).

`contract/order.schema.json` is the one source of truth. No logic lives here.
"""
