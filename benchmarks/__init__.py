"""Measurements, each as a ratio of two things in one run; `python -m benchmarks.NAME`."""

import os

os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
