"""A real MariaDB for tests: found, or started in a folder of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from uuid import uuid4

import pymysql

START_LIMIT_S = 60.0
SOCKETS = ("/run/mysqld/mysqld.sock", "/tmp/mysql.sock")
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])


@dataclass(frozen=True)
class Server:
    """Where a server listens; ``socket_path`` is used instead of host and port when it is set."""

    host: str = "127.0.0.1"
    port: int = 3306
    user: str = "root"
    password: str = ""
    socket_path: str = ""

    @classmethod
    def named(cls, url: str) -> Server:
        """The server of a URL ``mysql://user:password@host:port/``; a database in it is ignored."""
        parts = urlsplit(url)
        host = unquote(parts.hostname or "127.0.0.1")
        user, password = unquote(parts.username or "root"), unquote(parts.password or "")
        if host.startswith("/"):
            return cls(user=user, password=password, socket_path=host)
        return cls(host, parts.port or 3306, user, password)

    def url(self, database: str) -> str:
        """The address of a database of this server, as Django settings read it."""
        login = quote(self.user, safe="") + (":" + quote(self.password, safe="") if self.password else "")
        place = quote(self.socket_path, safe="") if self.socket_path else f"{self.host}:{self.port}"
        return f"mysql://{login}@{place}/{database}"

    def execute(self, statement: str) -> None:
        """Run one statement; raises ``pymysql.Error`` when the server is away or refuses."""
        connection = pymysql.connect(
            host=self.host,
            port=self.port,
            unix_socket=self.socket_path or None,
            user=self.user,
            password=self.password,
            connect_timeout=5,
        )
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)

    @contextmanager
    def new_database(self) -> Iterator[str]:
        """URL of an empty utf8mb4 database, dropped at the end."""
        name = f"moocdb_test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        try:
            yield self.url(name)
        finally:
            self.execute(f"DROP DATABASE {name}")


def running() -> Server | None:
    """A server that lets root in without a password, by TCP or by socket."""
    candidates = [Server(), *(Server(socket_path=path) for path in SOCKETS if Path(path).exists())]
    for server in candidates:
        try:
            server.execute("SELECT 1")
        except pymysql.Error:
            continue
        return server
    return None


def is_installed() -> bool:
    """Whether ``private_server`` finds its programs."""
    return all(shutil.which(name, path=PATH) for name in ("mariadb-install-db", "mariadbd"))


@contextmanager
def private_server() -> Iterator[Server]:
    """A server of our own on a free port, gone with its data at the end."""
    # Not pytest's folder: that is closed to the user whom the server runs as when started by root.
    with tempfile.TemporaryDirectory(prefix="moocdb-mariadb-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        account = "mysql" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(folder, account)
        _create(folder, account)
        server = Server(port=_free_port())
        process = _start(folder, account, server.port)
        try:
            _await(server, process, folder / "log")
            yield server
        finally:
            process.terminate()
            process.wait(START_LIMIT_S)


def _create(folder: Path, account: str) -> None:
    command = ["mariadb-install-db", "--no-defaults", f"--user={account}", f"--datadir={folder / 'data'}"]
    command += ["--auth-root-authentication-method=normal", "--skip-test-db"]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PATH": PATH})


def _start(folder: Path, account: str, port: int) -> subprocess.Popen[bytes]:
    program = shutil.which("mariadbd", path=PATH)
    assert program is not None
    command = [program, "--no-defaults", f"--user={account}", f"--datadir={folder / 'data'}"]
    command += [f"--socket={folder / 's.sock'}", f"--pid-file={folder / 'pid'}", "--bind-address=127.0.0.1"]
    command += [f"--port={port}", "--local-infile=1", "--character-set-server=utf8mb4"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


def _await(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + START_LIMIT_S
    while True:
        try:
            return server.execute("SELECT 1")
        except pymysql.Error as error:
            if process.poll() is not None or time.monotonic() > limit:
                said = log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"MariaDB did not start: {said}") from error
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
