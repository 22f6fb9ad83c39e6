"""A small web server for one machine: one thread per request, and silent unless something fails."""

from __future__ import annotations

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application

from openedx_moocdb.schema.errors import PermanentError


def open_server(address: str) -> ThreadedWSGIServer:
    """A server that listens at ``address`` (``HOST:PORT``, ``[IPv6]:PORT``; port 0 takes a free one).

    Raises ``PermanentError`` where it cannot listen.
    """
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise PermanentError(f"--address: found {address!r}, expected HOST:PORT, e.g. 127.0.0.1:8400")
    name = host.strip("[]")
    try:
        server = ThreadedWSGIServer((name, int(port)), WSGIRequestHandler, ipv6=":" in name)
    except OSError as error:
        reason = error.strerror or error
        raise PermanentError(f"--address: cannot listen at {address} ({reason}); name another") from error
    server.daemon_threads = True  # browsers keep connections open; the end does not wait for them
    server.set_app(get_wsgi_application())
    return server
