"""The ground of the scripts: what an OpenAPI document consists of, and how it is read, pointed into and named."""
