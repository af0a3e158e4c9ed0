"""The state: one SQLite database."""
