"""Lists: pages, links, what comes next, reading ahead, and the two paginators."""
