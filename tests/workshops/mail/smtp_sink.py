"""A mail server on the loopback interface that delivers nothing and counts all it got."""

import socketserver
import threading
from contextlib import contextmanager, suppress


class Sink(socketserver.ThreadingTCPServer):
    """`got` holds each message it took. `replies` says what it answers to a command in place of 250.

    It stops at the step `pause_at`, sets `reached` and says nothing more until `go_on` is set.
    """

    daemon_threads = True

    def __init__(self, replies, pause_at):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.got, self.replies, self.pause_at = [], replies, pause_at
        self.reached, self.go_on = threading.Event(), threading.Event()

    @property
    def port(self):
        return self.server_address[1]

    def pass_by(self, step):
        if step == self.pause_at and not self.go_on.is_set():
            self.reached.set()
            self.go_on.wait(30)


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("GREETING", "220 sink")
        while line := self.rfile.readline():
            command = line.decode().split()[0].split(":")[0].upper()
            if command == "DATA" and command not in self.server.replies:
                self.take_message()
            elif command == "QUIT":
                return self.say(command, "221 bye")
            else:
                self.say(command, "250 ok")
        return None

    def take_message(self):
        self.say("DATA", "354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        if line and "END" not in self.server.replies:
            self.server.got.append(b"".join(lines).decode())
        self.say("END", "250 taken")

    def say(self, step, reply):
        self.server.pass_by(step)
        answer = self.server.replies.get(step, reply)
        if answer == "hang up":
            self.connection.close()
            self.rfile.close()
            return
        with suppress(OSError):  # whoever asked was killed
            self.wfile.write(f"{answer}\r\n".encode())


@contextmanager
def smtp_sink(replies=None, pause_at=""):
    with Sink(replies or {}, pause_at) as sink:
        threading.Thread(target=sink.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield sink
        finally:
            sink.go_on.set()
            sink.shutdown()
