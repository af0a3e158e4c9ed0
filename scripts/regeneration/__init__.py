"""Regenerating: what it starts from, how its files are put in their places together, and the summary of a run."""
