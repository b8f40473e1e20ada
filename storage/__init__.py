"""Rows and files on disk. Knows SQLAlchemy; knows nothing of BPMN, of the web or of the rules of the regulation."""
