"""Pages of the auditor: the log of accounts, the proofs of cases. Knows no business, and no rule of a proof."""
