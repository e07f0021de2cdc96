"""Commands on backups: the whole database into one file, and back into an empty database."""

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from semblance_core.domain.times import utc_now
from semblance_core.settings import Settings, load_settings

if TYPE_CHECKING:
    from semblance_core.store.backups.backup_file import Part


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds this file's commands to the parser."""
    backup = commands.add_parser(
        "backup", help="write all that the database holds to one new file", description=_BACKUP
    )
    backup.add_argument("file", metavar="FILE", type=Path, help="such as semblance-2026-11-25.tar.gz")
    backup.set_defaults(command=_back_up)

    restore = commands.add_parser("restore", help="write a backup into an empty database", description=_RESTORE)
    restore.add_argument("file", metavar="FILE", type=Path)
    restore.add_argument(
        "--database", metavar="NAME", help="a database of this name on that server (default: SEMBLANCE_DATABASE)"
    )
    restore.set_defaults(command=_restore)


_BACKUP = (
    "Everything as it is at one moment, while the platform works on. The file holds accounts and sign-ins too, so only its "
    "owner can read it. It appears when it is complete and was read back whole."
)
_RESTORE = (
    "Checks the whole file first. The database, which MONGODB_URI or SEMBLANCE_DATA_DIR leads to, must hold nothing; "
    "discussions that were running when the backup was made go on once the platform runs."
)


def _back_up(given: argparse.Namespace) -> int:
    from semblance_core.store.backups.backup import back_up
    from semblance_core.store.opening import connect

    with closing(connect(load_settings())) as connection:
        made = back_up(connection.database, given.file, utc_now(), _tell)
    print(
        f"{given.file} holds {made.database} as it was at {made.made_at:%Y-%m-%d %H:%M:%S} UTC: {made.documents:,} documents, "
        f"{_mb(made.size)}, packed {_mb(given.file.stat().st_size)}. It was read back whole."
    )
    return 0


def _restore(given: argparse.Namespace) -> int:
    from semblance_core.store.backups.backup import restore
    from semblance_core.store.opening import connect

    settings = _settings(given)
    with closing(connect(settings)) as connection:
        connection.presence.leave()  # the data that it was at work on are replaced by others, of their own version
        made = restore(connection.database, given.file, _tell)
        name = connection.database.name
    connect(settings).close()  # moves older data on
    print(
        f"{name} holds what {made.database} held at {made.made_at:%Y-%m-%d %H:%M:%S} UTC: {made.documents:,} documents, "
        f"{_mb(made.size)}."
    )
    return 0


def _settings(given: argparse.Namespace) -> Settings:
    return load_settings(SEMBLANCE_DATABASE=given.database) if given.database is not None else load_settings()


def _tell(part: "Part") -> None:
    print(f"{part.collection}: {part.documents:,} documents, {_mb(part.size)}", file=sys.stderr, flush=True)


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
