"""CPU that a message of an autonomous discussion costs beyond a bare litellm call, storing included, in one run.

`python -m benchmarks.overhead [--runs 3] [--short 100] [--long 500] [--profile FILE]` prints milliseconds of CPU a message for
both and the difference; the target is at most 5 ms. The model is the scripted server in a process of its own, which answers
at once. Counted is the CPU of this whole process, in which the model calls are made here, marginal from the short to the long
run, so that what is paid once (imports, the first connection) does not count. Bare calls send prompts of the same size.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from benchmarks.rounds import MODEL, personas, platform, scripted_model
from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.workspace import SessionConfig

PARTICIPANTS = 8
QUESTIONS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--short", type=int, default=100)
    parser.add_argument("--long", type=int, default=500)
    parser.add_argument("--profile", metavar="FILE", help="writes what cProfile saw of one more long run's turns")
    given = parser.parse_args()
    with scripted_model(0.0) as url, platform(url, PARTICIPANTS, calls_in_subprocess=False) as semblance:
        _discuss(semblance, 20)
        tokens = _mean_prompt_tokens(semblance)
        _bare(url, 20, tokens)
        bare, ours = [], []
        for _ in range(given.runs):
            bare.append(_marginal_ms(lambda calls: _bare(url, calls, tokens), given.short, given.long))
            ours.append(_marginal_ms(lambda turns: _discuss(semblance, turns), given.short, given.long))
        if given.profile:
            _discuss(semblance, given.long, given.profile)
    one, other = statistics.median(bare), statistics.median(ours)
    print(f"bare {one:.2f} ms of CPU a call     {['%.2f' % took for took in bare]}")
    print(f"ours {other:.2f} ms of CPU a message  {['%.2f' % took for took in ours]}")
    print(f"beyond {other - one:.2f} ms (target ≤ 5), prompts of {tokens} tokens")


def _marginal_ms(work: Callable[[int], None], short: int, long: int) -> float:
    return 1000 * (_cpu_s(work, long) - _cpu_s(work, short)) / (long - short)


def _cpu_s(work: Callable[[int], None], amount: int) -> float:
    began = time.process_time()
    work(amount)
    return time.process_time() - began


def _bare(url: str, calls: int, tokens: int) -> None:
    import litellm

    text = "words and " * (tokens * 4 // 10)
    for number in range(calls):
        litellm.completion(
            model=MODEL,
            messages=[{"role": "system", "content": f"{number}"}, {"role": "user", "content": text}],
            api_base=url,
            api_key="sk-benchmark",
            max_tokens=200,
            max_retries=0,
            timeout=60,
        )


def _discuss(semblance: Semblance, turns: int, profile: str = "") -> None:
    """A discussion of so many messages; the limit ends it, not the guide."""
    workspace = semblance.workspace("user")
    guide = parse_guide("\n".join(f"- What about matter number {number}?" for number in range(QUESTIONS)))
    project = workspace.projects.create("Benchmark")
    set_up = SessionConfig("Benchmark", "Oat milk", guide, personas(PARTICIPANTS), turn_limit=turns)
    group = workspace.sessions.create(project.id, set_up)
    semblance.store.focus_groups.start(group, semblance.clock())
    with _profiled(profile):  # which sees this thread only, so the turns are taken in it
        semblance.engine.worker.run("focus_group", group.id)
    semblance.gateway.batcher.flush()
    said = workspace.sessions.get(group.id).next_seq - 1
    assert said >= 0.95 * turns, f"only {said} of {turns} messages were said"


def _profiled(profile: str) -> Any:
    if not profile:
        return nullcontext()
    import cProfile

    class Profiled(cProfile.Profile):
        def __exit__(self, *failed: Any) -> None:
            super().__exit__(*failed)
            self.dump_stats(profile)

    return Profiled()


def _mean_prompt_tokens(semblance: Semblance) -> int:
    events = semblance.store.usage.events()
    return round(statistics.mean(event.tokens.prompt for event in events))


if __name__ == "__main__":
    main()
