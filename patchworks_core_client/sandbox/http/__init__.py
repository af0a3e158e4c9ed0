"""The sandbox as a server: from an HTTP request to its response."""
