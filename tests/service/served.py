"""The offline model behind a real socket, for the tests that need one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from service.model_server import application


@contextmanager
def served() -> Iterator[int]:
    """The model server on a free loopback port, which is given."""
    server = uvicorn.Server(uvicorn.Config(application(), port=0, log_level="error", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(5)
