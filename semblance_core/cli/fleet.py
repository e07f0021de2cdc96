"""Commands of a fleet: a worker, and who of them answers."""

import argparse
import os
import signal
import sys

from semblance_core import logs
from semblance_core.domain.errors import InvalidInput
from semblance_core.settings import Settings, load_settings


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds this file's commands to the parser."""
    worker = commands.add_parser(
        "worker",
        help="work for a fleet until told to stop",
        description="Takes turns and tasks from the broker of SEMBLANCE_BROKER_URL, for the database of MONGODB_URI. SIGTERM "
        "finishes or hands back what is under way within ten seconds.",
    )
    worker.add_argument(
        "--concurrency", metavar="N", type=int, help="sessions and tasks at once (default SEMBLANCE_CONCURRENCY)"
    )
    worker.add_argument("--name", metavar="NAME", default="", help="its name among the workers (default: by the host)")
    worker.set_defaults(command=_worker)

    workers = commands.add_parser("workers", help="name the workers that answer; exit code 1 if none does")
    workers.set_defaults(command=_workers)


def _worker(given: argparse.Namespace) -> int:
    settings = _fleet_settings()
    concurrency = given.concurrency or settings.concurrency
    if not 1 <= concurrency <= 256:
        raise InvalidInput("A worker takes 1 to 256 sessions and tasks at once.")
    from semblance_core.bootstrap import open_semblance
    from semblance_core.engine.fleet.publisher import FleetEngine
    from semblance_core.engine.fleet.worker import serve

    logs.configure(settings.log_form, settings.log_level)
    with open_semblance(settings, calls_in_subprocess=True) as semblance:
        assert isinstance(semblance.engine, FleetEngine)
        presence = semblance.connection.presence
        # As when it is told to stop from outside; the process that waits for this one sees it leave when it is gone.
        presence.when_over(lambda: os.kill(os.getpid(), signal.SIGTERM))
        semblance.warm_up_later()
        code = serve(semblance.engine, concurrency, given.name)
        return 1 if presence.words else code


def _workers(_: argparse.Namespace) -> int:
    from semblance_core.engine.fleet.publisher import fleet_app, living_workers

    settings = _fleet_settings()
    names = living_workers(fleet_app(settings.broker_url.get_secret_value(), settings.mongodb_database))
    for name in names:
        print(name)
    if not names:
        print("semblance: no worker answers.", file=sys.stderr)
    return 0 if names else 1


def _fleet_settings() -> Settings:
    settings = load_settings()
    if not settings.broker_url.get_secret_value():
        raise InvalidInput(
            "Workers of a fleet need a broker: set SEMBLANCE_BROKER_URL to RabbitMQ's address, such as "
            "amqp://user:password@host:5672//. Without one the app does the work itself."
        )
    return settings
