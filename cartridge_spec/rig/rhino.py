"""A long-lived Rhino process in which the cartridges' real files run."""

import json
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self, cast

RIG = Path(__file__).resolve().parent
CARTRIDGES = RIG.parent / "cartridges"
CLASSPATH = "/usr/share/java/js.jar"  # where Debian's package `rhino` puts it
NEWEST, OLDEST = 200, 180  # language versions, like SFCC's newest and oldest compatibility modes


class ScriptFailed(Exception):
    """The called function threw; the message is what it threw, with the script's own stack."""


class RigStopped(Exception):
    """The process ended; the message is what it last wrote to its error stream."""


class Rhino:
    """Calls functions of cartridge modules; use it with `with`. Callers wait for each other.

    `cartridges` is the cartridge path, leftmost first: names of folders in
    `cartridge_spec/cartridges`, or folders elsewhere.
    """

    def __init__(self, cartridges: Sequence[str | Path], *, version: int = NEWEST) -> None:
        configuration = {
            "runtime": str(RIG / "runtime"),
            "stubs": str(RIG),
            "modules": str(RIG / "modules"),
            "cartridges": [str((CARTRIDGES / cartridge).resolve()) for cartridge in cartridges],
        }
        self._errors = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 -- closed in close()
        self._process = subprocess.Popen(  # noqa: S603 -- our own command line
            _command(version, json.dumps(configuration)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
        )
        self._turn = threading.Lock()
        self._in = cast(IO[str], self._process.stdin)
        self._out = cast(IO[str], self._process.stdout)

    def call(self, module: str, function: str, *arguments: Any) -> Any:
        """Load `module` as `require` does, call its `function`, and answer what it returned.

        Arguments and the result are what JSON can hold. Every call is a request of its own:
        cartridge modules are loaded anew.

        Raises:
            ScriptFailed: the function threw. RigStopped: there is no process any more.
        """
        call = {"module": module, "function": function, "arguments": arguments}
        with self._turn:
            answer = json.loads(self._exchange(json.dumps(call)))
        if "error" in answer:
            raise ScriptFailed(f"{answer['error']}\n{answer['stack']}")
        return answer["value"]

    def close(self) -> None:
        """End the process; calling it twice is harmless."""
        self._in.close()
        self._process.wait()
        self._out.close()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _exchange(self, line: str) -> str:
        try:
            self._in.write(f"{line}\n")
            self._in.flush()
        except BrokenPipeError:
            raise self._stopped() from None
        answer = self._out.readline()
        if not answer:
            raise self._stopped()
        return answer

    def _stopped(self) -> RigStopped:
        self._errors.seek(0)
        return RigStopped(self._errors.read()[-2000:])


def _command(version: int, configuration: str) -> list[str]:
    return [
        "java",
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dfile.encoding=UTF-8",
        "-Dsun.net.http.retryPost=false",  # else the JDK silently posts again on a lost connection
        "-classpath",
        CLASSPATH,
        "org.mozilla.javascript.tools.shell.Main",
        "-encoding",
        "UTF-8",
        "-opt",
        "-1",  # interpreted: starts sooner, and errors name file and line
        "-version",
        str(version),
        str(RIG / "runtime" / "main.js"),
        configuration,
    ]
