"""The distribution's nginx with the archive's own configuration, on loopback, as whoever runs the tests."""

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

from tests.serving import ROOT, free_port, is_listening

PROGRAM = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
{user}
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/bodies;
    proxy_temp_path {folder}/answers;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def install():
    """Have apt install nginx where it is missing and this is root. Returns why not, or nothing."""
    if PROGRAM or os.geteuid() != 0 or not shutil.which("apt-get"):
        return "" if PROGRAM else "there is no nginx on this machine, and only root with apt could install it"
    command = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "nginx"]
    done = subprocess.run(command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, check=False)
    return "" if done.returncode == 0 else "apt could not install nginx"


@contextmanager
def behind_nginx(folder, gunicorn, plain=None):
    """The port where nginx ends HTTPS before the gunicorn on that port. What it writes is in the folder.

    `plain` is the port for HTTP; any free one without it.
    """
    port = free_port()
    write_certificate(folder)
    changes = {
        "unix:/run/archive/gunicorn.sock": f"127.0.0.1:{gunicorn}",
        "listen 80;": f"listen 127.0.0.1:{plain or free_port()};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen 0.0.0.0:{port} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        "archive.example.org;": "localhost;",
        "/etc/letsencrypt/live/archive.example.org/fullchain.pem": f"{folder}/certificate.pem",
        "/etc/letsencrypt/live/archive.example.org/privkey.pem": f"{folder}/key.pem",
        "/var/log/archive/": f"{folder}/",
        "root /var/www/html;": f"root {folder};",
    }
    site = (ROOT / ".deploy" / "nginx.conf").read_text()
    for there, here in changes.items():
        assert there in site
        site = site.replace(there, here)
    (folder / "site.conf").write_text(site)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    nginx = subprocess.Popen([nginx_program(), "-p", folder, "-c", folder / "nginx.conf"])
    try:
        until = time.monotonic() + 10
        while not is_listening(port):
            assert nginx.poll() is None and time.monotonic() < until, "nginx did not start"
            time.sleep(0.05)
        yield port
    finally:
        nginx.terminate()
        nginx.wait()


def nginx_program():
    """Asked for anew, since it may have been installed meanwhile."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


def write_certificate(folder: Path):
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"),
            *("-keyout", folder / "key.pem", "-out", folder / "certificate.pem"),
        ],
        check=True,
        stderr=subprocess.DEVNULL,
    )
