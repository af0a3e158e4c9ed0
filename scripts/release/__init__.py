"""Checks of a release: the public surface, how it changed, the version that this asks for."""
