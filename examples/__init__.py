"""Examples that run against the local Patchworks."""
