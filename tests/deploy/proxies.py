"""The shipped nginx.conf and apache.conf, run by the real servers on loopback, and one request to them."""

import datetime
import http.client
import os
import signal
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from semblance_core.store.server.embedded import answers, free_port
from tests.deploy.conftest import DEPLOY, needed, put

KINDS = ("nginx", "apache")
HEADERS = ("x-content-type-options", "x-frame-options", "referrer-policy", "content-security-policy")
CERTIFICATE, KEY = "/etc/ssl/semblance/fullchain.pem", "/etc/ssl/semblance/privkey.pem"
MODULES = (
    *("mpm_event", "authz_core", "alias", "headers", "rewrite", "reqtimeout"),
    *("socache_shmcb", "ssl", "proxy", "proxy_http", "proxy_wstunnel"),
)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


def ask(address: str, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    """One request whose path goes out as it stands, over a certificate that is not checked."""
    trusting = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection(urlsplit(address).netloc, timeout=20, context=trusting)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def headers_sent(address: str, path: str) -> dict[str, int]:
    headers = ask(address, path).headers
    return {name: len(headers.get_all(name, [])) for name in HEADERS}


@contextmanager
def proxied(kind: str, folder: Path, upstream: int, log: Path | None = None) -> Iterator[str]:
    """The address of a proxy of this kind in front of the app on the port `upstream`. log: where it says what was asked."""
    plain, secure = free_port(), free_port()
    make_certificate(folder)
    prepare = {"nginx": _nginx, "apache": _apache}[kind]
    command = prepare(folder, plain, secure, upstream, log or folder / "access.log")
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    with (folder / "proxy.log").open("wb") as said:
        foreground = ["-DFOREGROUND"] if kind == "apache" else []
        process = subprocess.Popen([*command, *foreground], stdout=said, stderr=said, start_new_session=True)
    try:
        deadline = time.monotonic() + 60
        while not answers(secure):
            assert process.poll() is None, (folder / "proxy.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)
        yield f"https://localhost:{secure}"
    finally:
        process.terminate()
        try:
            process.wait(30)  # a child that holds a WebSocket takes about ten seconds
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def _nginx(folder: Path, plain: int, secure: int, upstream: int, log: Path) -> list[str]:
    program = needed("nginx", "apt-get install nginx-light")
    put(
        folder / "site.conf",
        (DEPLOY / "nginx.conf").read_text(),
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl"),
        (CERTIFICATE, str(folder / "certificate.pem")),
        (KEY, str(folder / "key.pem")),
        ("127.0.0.1:8501", f"127.0.0.1:{upstream}"),
    )
    put(folder / "snippets/semblance-locations.conf", (DEPLOY / "nginx-locations.conf").read_text())
    temporary = " ".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/pid; {'user root;' if os.getuid() == 0 else ''}\n"
        f"events {{}}\nhttp {{ access_log {log}; {temporary}\ninclude site.conf;\n}}\n"
    )
    return [program, "-e", str(folder / "error.log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]


def _apache(folder: Path, plain: int, secure: int, upstream: int, log: Path) -> list[str]:
    program = needed("apache2", "apt-get install apache2")
    put(
        folder / "site.conf",
        (DEPLOY / "apache.conf").read_text(),
        ("*:80", f"*:{plain}"),
        ("*:443", f"*:{secure}"),
        (CERTIFICATE, str(folder / "certificate.pem")),
        (KEY, str(folder / "key.pem")),
        ('"/var/log/apache2/semblance.log"', f'"{log}"'),
        ('"/var/log/apache2"', f'"{folder}"'),
    )
    put(
        folder / "semblance-locations.conf",
        (DEPLOY / "apache-locations.conf").read_text(),
        ("http://127.0.0.1:8501/", f"http://127.0.0.1:{upstream}/"),
    )
    (folder / "apache.conf").write_text(
        f'ServerRoot "{folder}"\nPidFile "{folder}/pid"\nErrorLog "{folder}/error.log"\nServerName localhost\n'
        f"DefaultRuntimeDir {folder}\nListen 127.0.0.1:{plain}\nListen 127.0.0.1:{secure}\n"
        + "".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n" for name in MODULES)
        + ("User www-data\nGroup www-data\n" if os.getuid() == 0 else "")
        + "Include site.conf\n"
    )
    return [program, "-d", str(folder), "-f", str(folder / "apache.conf")]


def make_certificate(folder: Path) -> None:
    """A certificate for localhost that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain, bare = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(key.private_bytes(pem, plain, bare))
