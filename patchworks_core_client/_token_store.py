"""Where the token of a login is kept between calls, clients and processes."""

from ._token import MemoryTokenStore, Token, TokenStore
from ._token_file import FileTokenStore

__all__ = ["FileTokenStore", "MemoryTokenStore", "Token", "TokenStore"]
