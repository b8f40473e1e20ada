"""The only driver of SpiffWorkflow: definition, state and command in, an ``Outcome`` out. Pure: no clock, no rows."""
