"""What tests use: the sandbox itself, fault injection, recorded requests."""
