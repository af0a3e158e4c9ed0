"""A Redis server of the tests' own, where one is installed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests.support.clients import clock, server

__all__ = ["RedisServer", "clock", "redis_server", "server"]


class RedisServer:
    """A server on a free port of this machine, which can be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url)

    def start(self, *options: str) -> None:
        self._process = subprocess.Popen(
            [
                shutil.which("redis-server") or "",
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                *options,
            ],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
        client = self.client()
        for _ in range(2000):
            try:
                client.ping()
                break
            except redis.AuthenticationError:
                break
            except redis.RedisError:
                time.sleep(0.005)
        client.close()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()
