"""Pages of signing in, accounts and organisations. Knows no rule of who may what."""
