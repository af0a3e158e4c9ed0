"""What a release promises: the public surface, how it changed, the version that this asks for, what is kept."""
