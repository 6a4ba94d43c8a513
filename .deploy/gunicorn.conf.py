"""gunicorn behind nginx, which takes slow senders and slow readers off its hands.

Started by archive.service, which gives it the socket; elsewhere `--bind` says where it listens.
"""

workers = 3
threads = 4
worker_tmp_dir = "/dev/shm"  # its heartbeat must not wait for a busy disk  # noqa: S108
umask = 0o077  # what it writes is its owner's alone
timeout = 60  # a worker that has not shown itself for so long is ended
graceful_timeout = 30  # a restart lets requests end that long
keepalive = 5
max_requests = 10_000  # a worker is renewed now and then, whatever a library may leak
max_requests_jitter = 1_000
accesslog = None  # the archive's own log has a line a request
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(b)s %(M)s"  # for who turns it on: without addresses and queries
control_socket_disable = True
