"""What a load or a bench has started is gone with it, however it ends."""

import signal
import subprocess
import sys

import psutil
import pytest

PARENT = """
import sys
from loadtests.processes import end_like_an_interrupted_one, running
end_like_an_interrupted_one()
with running([sys.executable, "-c", "print('up', flush=True); input()"],
             stdin=-1, stdout=-1, text=True, start_new_session=True) as child:
    child.stdout.readline()
    print(child.pid, flush=True)
    child.wait()
"""


@pytest.mark.parametrize(
    "number",
    [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL],
    ids=lambda one: one.name,
)
def test_a_process_ends_with_who_started_it(number: signal.Signals) -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.send_signal(number)
        assert parent.wait(60) != 0
        child.wait(60)
    assert not child.is_running()
