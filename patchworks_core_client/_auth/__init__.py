"""Credentials: API keys, logins, tokens and where they are kept."""
