"""What generated code stands on: the description of an operation, and the namespaces that call it."""
