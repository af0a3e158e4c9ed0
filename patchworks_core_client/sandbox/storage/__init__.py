"""The database of the sandbox."""
