"""From claimed deliveries to verdicts: batch, post, classify, settle, one module a decision."""
