"""What a signal may interrupt."""

import subprocess
import sys

STOPPED_AT_ANY_MOMENT = """
import random, signal
from bridge.operate import supervise

supervise.RESTART_AFTER = 0.000001
moments = random.Random(1)
for _ in range(1000):
    one = supervise.Supervisor([])
    signal.signal(signal.SIGALRM, one._on_signal)
    signal.setitimer(signal.ITIMER_REAL, moments.uniform(0.0001, 0.001))
    assert one.run() == 0
"""


def test_a_signal_to_stop_is_heard_at_whatever_moment_it_comes() -> None:
    subprocess.run([sys.executable, "-c", STOPPED_AT_ANY_MOMENT], check=True, timeout=120)
