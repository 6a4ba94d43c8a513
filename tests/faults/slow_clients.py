"""Clients that hold on to a server: some send a form a byte at a time, some take a file so."""

import socket
import ssl
import threading
import time
from contextlib import ExitStack, contextmanager

UNVERIFIED = ssl.create_default_context()
UNVERIFIED.check_hostname = False
UNVERIFIED.verify_mode = ssl.CERT_NONE

SLOW_FORM = (
    "POST /complaints/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 1000\r\n\r\nwords="
)


def connect(port, source="127.0.0.1", is_https=True):
    """A socket with a small buffer, so that what is not read is felt by the server."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.bind((source, 0))
    plain.settimeout(20)
    plain.connect(("127.0.0.1", port))
    return UNVERIFIED.wrap_socket(plain, server_hostname="localhost") if is_https else plain


@contextmanager
def slow_forms(port, count, **where):
    """So many clients that each send a byte of a form every half second."""
    ended = threading.Event()

    def dribble(client):
        while not ended.wait(0.5):
            client.sendall(b"a")

    with ExitStack() as stack:
        for _ in range(count):
            client = stack.enter_context(connect(port, **where))
            client.sendall(SLOW_FORM.encode())
            threading.Thread(target=dribble, args=[client], daemon=True).start()
        stack.callback(ended.set)
        yield


@contextmanager
def slow_downloads(port, path, sources, **where):
    """A client for each source address that asks for a file and takes no more than its status. Gives the statuses."""
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(port, source, **where)) for source in sources]
        for client in clients:
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        yield [status_of(client) for client in clients]


def status_of(client):
    """0 where no answer comes."""
    try:
        return int(client.recv(15).decode().split()[1])
    except (TimeoutError, IndexError):
        return 0


def answered(port, path, count, seconds, **where):
    """How many of so many requests, one after another, are answered with 200 within so many seconds each."""
    return sum(is_answered(port, path, seconds, **where) for _ in range(count))


def is_answered(port, path, seconds, **where):
    until = time.monotonic() + seconds
    with connect(port, **where) as client:
        client.settimeout(seconds)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        return status_of(client) == 200 and time.monotonic() < until
