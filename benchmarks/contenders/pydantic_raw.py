"""pydantic decoding into models with dates: strict and lossy where the SDK is neither."""


def decoding():
    from datetime import datetime
    from typing import Any

    import pydantic

    from benchmarks import bodies

    class Environment(pydantic.BaseModel):
        id: int
        notes: str
        deployed_at: datetime
        created_at: datetime
        updated_at: datetime
        name: str
        description: str
        type: str
        deployments: list[Any]
        versions: list[Any]
        versions_count: int
        is_deployed: bool
        deployments_count: list[Any]
        labels: list[Any]

    class Page(pydantic.BaseModel):
        data: list[Environment]
        meta: dict[str, Any]
        links: dict[str, Any]

    return bodies.environments(make=bodies.documented_environment), Page.model_validate_json
