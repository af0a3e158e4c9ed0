"""Mechanical repairs of schemas, parameters, bodies and responses."""
