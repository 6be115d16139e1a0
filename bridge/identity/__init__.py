"""The identity stage: a person becomes hashes, keyed digests and a sealed remainder.

Read in this order: `normalise` (text), `hashing` (digests), `rules` (platform x field table),
`sources` (where each field comes from), `identity` (the stage), `remainder` (what a platform needs
in clear), `browser_ids`, `encryption` (how the remainder rests), `subject` (digests for erasure).
"""
