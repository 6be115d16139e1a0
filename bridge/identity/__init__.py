"""The identity stage: a person becomes hashes, keyed digests and a sealed remainder.

Read in this order: `normalise` (text), `hashing` (digests), `rules` (platform x field table),
`sources` (where each field comes from), `identity` (what one platform is told), `remainder` (what a
platform needs in clear), `clear_rules` (which of it by platform), `browser_ids`, `google_click`,
`encryption` (how the remainder rests), `subject` (digests for erasure), `pseudonymise` (the stage).
"""
