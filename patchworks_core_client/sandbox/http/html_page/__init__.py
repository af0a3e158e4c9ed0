"""The page at `/`, for a person who wants to see what is in a sandbox and what it was asked."""
