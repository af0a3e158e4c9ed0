"""From documentation pages to one prepared OpenAPI document: the steps that `scripts/pipeline.py` runs one by one.

`extract_fragments` reads the blocks of pages and `fragments_folder` keeps them; then come `merge_fragments`,
`retired_parts`, `apply_overlay`, `apply_rules` (the rules of `rules/`), `assign_names` (the names of `naming/`),
`finish_document` and `validate_document`.
"""
