# What a developer runs. Each needs the environment of `./test.sh`, which makes one: .venv, or the one that is active.
.PHONY: check test fast bench lock

check: ## Lints, spelling and types, and whether the lock is current
	ruff check .
	ruff format --check .
	codespell
	mypy
	tools/lock.sh --check --offline

test: ## The whole suite, as CI runs it
	./test.sh

fast: ## The tests of pure code and of the store, in under a minute
	python -m pytest -n 2 -m fast $(addprefix tests/,analysis conversation documents domain reports store)

bench: ## What the core costs around a call, and how it keeps up
	python -m benchmarks.overhead
	python -m benchmarks.rounds
	python -m benchmarks.throughput

lock: ## Resolves uv.lock and writes what pip and the image install from it
	tools/lock.sh
