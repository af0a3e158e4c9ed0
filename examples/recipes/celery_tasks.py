"""Celery workers that share one login: the token is kept in a file, so a worker that starts does not log in again.

Run them with `celery -A examples.recipes.celery_tasks worker`. On several machines, share the login through Redis
instead; see the page on limits.
"""

from __future__ import annotations

import os
from functools import cache

from celery import Celery

from patchworks_core_client import APIConnectionError, FileTokenStore, Patchworks, RateLimitError, ServerError

app = Celery("patchworks", broker=os.environ.get("CELERY_BROKER_URL", "memory://"))


@cache
def patchworks() -> Patchworks:
    """Return the client of this worker process."""
    if "PATCHWORKS_USERNAME" in os.environ:
        path = os.environ.get("PATCHWORKS_TOKEN_FILE", "~/.cache/patchworks/token.json")
        return Patchworks(token_store=FileTokenStore(path))
    return Patchworks()


@app.task(
    # What passes by itself is tried again later; anything else is a fault to look at. Doing it twice does no harm here,
    # as it would where something is created: see resume_after_doubt.py.
    autoretry_for=(RateLimitError, ServerError, APIConnectionError),
    retry_backoff=True,
    max_retries=5,
)
def set_description(environment: int, description: str) -> str:
    """Write the description of an environment."""
    pw = patchworks()
    name = pw.virtual_environments.get(environment).name
    assert name is not None
    return str(pw.virtual_environments.update(environment, name=name, description=description, labels=[]).name)
