"""Getting the documentation pages: what is listed, how it is transferred, what is refused, where it is kept."""
