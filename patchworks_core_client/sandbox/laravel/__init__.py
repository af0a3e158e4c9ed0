"""What any Laravel API has in common: validation, queries, pages, throttling, errors."""
