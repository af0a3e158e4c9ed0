"""The paths of the files in a checkout that the scripts read and write."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
"""The checkout that these scripts belong to."""

PACKAGE = PurePosixPath("patchworks_core_client")
GENERATED = PACKAGE / "generated"
OPENAPI = PurePosixPath("openapi")
FRAGMENTS = OPENAPI / "fragments"
PAGES = OPENAPI / "pages.yaml"
DOCUMENT = OPENAPI / "patchworks-core.json"
OVERLAY = OPENAPI / "overlay.yaml"
LOCK = OPENAPI / "operation-names.lock"
RETIRED = OPENAPI / "retired.json"
