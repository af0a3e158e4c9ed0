"""Fetching the documentation pages: which ones, over HTTP, what is refused, where they are kept."""
