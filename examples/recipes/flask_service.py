"""A Flask application, and with the same three lines a Django one: the synchronous client, shared by all threads.

The client is made in each worker process when it is first needed, since connections do not survive a fork.
"""

from __future__ import annotations

from functools import cache

from flask import Flask, abort
from flask.typing import ResponseReturnValue

from patchworks_core_client import NotFoundError, Patchworks

app = Flask(__name__)


@cache
def patchworks() -> Patchworks:
    """Return the client of this process."""
    return Patchworks()


@app.get("/environments/<int:identifier>")
def environment(identifier: int) -> ResponseReturnValue:
    """Show one environment."""
    try:
        return patchworks().virtual_environments.get(identifier, timeout=5).to_dict()
    except NotFoundError:
        abort(404)
