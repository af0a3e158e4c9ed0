"""Names of operations, models and enumerations."""
