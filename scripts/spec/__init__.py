"""From documentation pages to one prepared OpenAPI document, and on to the generated code.

The steps, one module each, in the order in which they run: `extract`, `fragments`, `merge`, `retired`, `overlay`,
`prepare` (with the rules, `operation_names` and `lock`, `schema_names`, `enumerations`, `inline_names`), `document`,
`validate`, `generate`, `output`. `line` strings them together.
"""
