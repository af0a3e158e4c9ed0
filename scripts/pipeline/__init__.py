"""From documentation pages to one prepared OpenAPI document, and on to the generated code.

The steps, one module each, in the order in which they run: `extract`, `merge`, `overlay`, `prepare`, `operation_names`
with `lock`, `schema_names`, `enumerations`, `document`, `validate`, `generate`, `output`. `line` strings them together.
"""
