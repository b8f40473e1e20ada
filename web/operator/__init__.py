"""Pages of the operator, and what machines ask: background work, imports, health, figures, clock. Knows no rule."""
