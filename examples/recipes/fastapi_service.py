"""A FastAPI service: one client for the life of the application, handed to the routes as a dependency.

Run it with `uvicorn examples.recipes.fastapi_service:app`.
"""

# FastAPI reads the annotations of routes at run time, so they are not put off.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request

from patchworks_core_client import AsyncPatchworks, NotFoundError, PatchworksError


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open the client in the event loop of the server, and close it with the server."""
    async with AsyncPatchworks() as pw:
        app.state.patchworks = pw
        yield


app = FastAPI(lifespan=lifespan)


def patchworks(request: Request) -> AsyncPatchworks:
    """Return the client of the application."""
    client: AsyncPatchworks = request.app.state.patchworks
    return client


Client = Annotated[AsyncPatchworks, Depends(patchworks)]


@app.get("/environments")
async def environments(pw: Client) -> list[dict[str, object]]:
    """List the environments."""
    return [{"id": item.id, "name": item.name} async for item in pw.virtual_environments.list(sort="name")]


@app.get("/environments/{identifier}")
async def environment(identifier: int, pw: Client) -> dict[str, object]:
    """Show one environment."""
    try:
        # A route answers within seconds, or not at all.
        found = await pw.virtual_environments.get(identifier, timeout=5)
    except NotFoundError:
        raise HTTPException(404, "There is no such environment") from None
    except PatchworksError as error:
        raise HTTPException(502, f"Patchworks: {type(error).__name__}") from error
    return found.to_dict()
