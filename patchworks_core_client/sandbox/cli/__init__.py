"""The command line of the sandbox, and what it shows in a terminal."""
