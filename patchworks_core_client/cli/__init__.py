"""The command line `patchworks`: environments as code."""
