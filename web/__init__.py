"""Pages and HTTP. Knows Flask and the engine; knows nothing of storage or SpiffWorkflow."""
