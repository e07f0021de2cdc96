"""The sweeper says whether it still sweeps."""

from semblance_core.bootstrap import Semblance
from semblance_core.engine.sweep import SILENT_S, Sweeper
from semblance_core.readiness import READY
from tests.studies import eventually


def test_a_sweeper_that_hangs_says_for_how_long(semblance: Semblance) -> None:
    now_s = [1_000.0]
    sweeper = Sweeper(semblance.engine.worker, lambda kind, work_id: None, every_s=0.05, steady_s=lambda: now_s[0])
    assert sweeper.check() == READY, "nobody asked it to sweep"
    sweeper.start()
    now_s[0] += 10.0
    eventually(lambda: sweeper.check() == READY and sweeper._swept_s == now_s[0])
    semblance.engine.worker.stopping.set()
    now_s[0] += SILENT_S + 60
    eventually(lambda: sweeper.check() == f"has not swept for {SILENT_S + 60:.0f} s")
