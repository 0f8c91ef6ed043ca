"""Servers on a free loopback port, for the tests that need one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer


class Answering(BaseHTTPRequestHandler):
    """A handler that writes no log and answers with a body."""

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send a whole answer. A header's name is given with underscores; a ``Content_Length`` given is the one sent."""
        self.send_response(status)
        for name, value in ({"Content_Length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def asked(self) -> bytes:
        """The body of the request."""
        return self.rfile.read(int(self.headers["Content-Length"]))

    def log_message(self, *_: object) -> None:
        """Nothing: a test has no log."""


@contextmanager
def listening(server: HTTPServer) -> Iterator[str]:
    """The address of a server, which answers for as long as the block lasts."""
    with server:
        # Stopping waits for the next poll: a test that stops a server should not wait for it.
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def serving(handler: type[BaseHTTPRequestHandler]) -> HTTPServer:
    """A server of this handler, not begun yet."""
    return ThreadingHTTPServer(("127.0.0.1", 0), handler)
