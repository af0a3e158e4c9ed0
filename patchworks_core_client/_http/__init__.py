"""Requests, responses, URLs, content and transports: the only room that imports an HTTP library."""
