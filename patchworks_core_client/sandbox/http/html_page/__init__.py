"""The HTML page at `/`: shows a person what is in a sandbox and which requests came."""
