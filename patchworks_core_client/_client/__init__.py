"""The two clients: their arguments, their calls, and what a call gives."""
