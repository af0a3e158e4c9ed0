"""Output as text, Markdown and HTML."""
