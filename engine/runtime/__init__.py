"""The only driver of SpiffWorkflow: definition, state and command in, an ``Outcome`` out. Knows no clock and no row."""
