"""`python -m patchworks_core_client.sandbox`."""

from patchworks_core_client.sandbox.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
