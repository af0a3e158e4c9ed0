"""What all scripts share: the structure of an OpenAPI document, names, errors, reading and writing files."""
