"""The small checkout, the folder of pages and the documentation server that other rooms test with."""

from tests.pages.conftest import server
from tests.spec.conftest import checkout, pages

__all__ = ["checkout", "pages", "server"]
