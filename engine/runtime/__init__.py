"""The only driver of SpiffWorkflow: definition, state, command in; a ``RunResult`` out. Knows no clock and no row."""
