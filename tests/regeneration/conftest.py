"""The small checkout and the folder of pages that the tests of the pipeline work on."""

from tests.spec.conftest import checkout, pages

__all__ = ["checkout", "pages"]
