"""msgspec decoding straight into structs: the floor of decoding, strict and lossy where the SDK is neither."""


def decoding():
    from typing import Any

    import msgspec

    from benchmarks import bodies

    class Environment(msgspec.Struct):
        id: int
        notes: str
        deployed_at: str
        created_at: str
        updated_at: str
        name: str
        description: str
        type: str
        deployments: list[Any]
        versions: list[Any]
        versions_count: int
        is_deployed: bool
        deployments_count: list[Any]
        labels: list[Any]

    class Page(msgspec.Struct):
        data: list[Environment]
        meta: dict[str, Any]
        links: dict[str, Any]

    return bodies.environments(make=bodies.documented_environment), msgspec.json.Decoder(Page).decode
