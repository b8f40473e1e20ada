"""Pages of the operator, and what machines ask: background work, imports, health, figures, the demo's clock."""
