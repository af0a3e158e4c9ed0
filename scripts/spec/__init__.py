"""From documentation pages to one prepared OpenAPI document: the steps that `scripts/pipeline.py` runs one by one.

`extract` reads the blocks of pages and `fragments` keeps them; then come `merge`, `retired`, `overlay`, `repair` (the
rules of `rules/`), `name` (the names of `naming/`), `document` and `validate`.
"""
