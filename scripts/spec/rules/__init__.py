"""The rules: mechanical repairs of schemas, parameters, bodies and responses."""
