"""Loaded before any test, and in each process of `-n`: what every program of ours does first."""

import os

from soccerpredict import threads, unix_signals

# Children get the signals back that the one who started the tests may have ignored (`nohup`).
unix_signals.restore()
threads.settle(threads.share(int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))))
