"""Pages and HTTP. Knows Flask and the engine; never touches storage or SpiffWorkflow."""
