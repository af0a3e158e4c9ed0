"""The whole line run over OpenAPI documents of other APIs: `python -m tests.real_input --help` says how."""
