"""The command line, `puresponse`: a thin face over codecs, core and transports.

Law: what a command line means (`settings`), shows (`tables`, `output`) and ends with (`failures`) are pure functions;
only `process`, `streams`, `service`, `tasks`, `execute`, `help.completion` and the command `serve` touch the world. A
command is a file in `commands`, and a line there. Needs the extra `cli`; importing this module does not.
"""

import signal
import sys
from importlib.util import find_spec

_NEEDED = ("click", "rich")


def main() -> int:
    """Run the command line of this process, and return its exit code.

    Without the packages of the extra `cli` it says how to install them, and returns 2.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Ctrl-C ends the process at once, without a word, and as Ctrl-C: a shell reports 130 and ends its loops too.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        if sys.stderr is not None:
            lacking = " and ".join(missing)
            sys.stderr.write(f"puresponse: the command line needs {lacking}: pip install 'puresponse[cli]'\n")
        return 2
    from .process import run_process

    return run_process()
