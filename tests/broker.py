"""A real RabbitMQ on loopback, with a folder of its own; a test may kill it and start it again."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

from semblance_core.store.server.embedded import answers, free_port

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
NO_BROKER = "RabbitMQ is not installed here (Debian: rabbitmq-server)"


class Broker:
    """`with Broker(folder) as broker:` has it running; `broker.url` is its address."""

    def __init__(self, folder: Path):
        self._folder = folder
        self.port, self._between, self._names = free_port(), free_port(), free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def start(self) -> None:
        """Returns once it takes connections."""
        self._folder.mkdir(exist_ok=True)
        settings = self._folder / "rabbitmq.conf"
        settings.write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\nlog.file.level = warning\n")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "RABBITMQ_NODENAME": f"semblance-{self.port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(settings),
            "RABBITMQ_MNESIA_BASE": str(self._folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_DIST_PORT": str(self._between),
            "ERL_EPMD_PORT": str(self._names),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        self._process = subprocess.Popen(
            [str(SERVER)],
            env=environment,
            stdout=(self._folder / "out.txt").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        deadline = time.monotonic() + 90
        while not answers(self.port):
            assert time.monotonic() < deadline, (self._folder / "out.txt").read_text()[-2_000:]
            assert self._process.poll() is None, (self._folder / "out.txt").read_text()[-2_000:]
            time.sleep(0.1)

    def kill(self) -> None:
        """Ends it without warning, with all that it started."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            while answers(self.port):
                time.sleep(0.02)

    def freeze(self, how: int = signal.SIGSTOP) -> None:
        """It takes what is said to it and answers nothing; SIGCONT lets it go on."""
        assert self._process
        os.killpg(self._process.pid, how)

    def __enter__(self) -> "Broker":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        # Erlang's name server is a process of its own, and outlives the broker.
        own = {"PATH": os.environ["PATH"], "ERL_EPMD_PORT": str(self._names)}
        subprocess.run(["epmd", "-kill"], env=own, check=False, capture_output=True)
        shutil.rmtree(self._folder, ignore_errors=True)


def need_broker() -> None:
    """Skips a test where there is no RabbitMQ; in CI there must be one."""
    if not SERVER.exists():
        assert not os.environ.get("CI"), NO_BROKER
        pytest.skip(NO_BROKER)
