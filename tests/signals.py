"""Programs begun with signals ignored, as nohup and some supervisors begin them."""

import sys

# As a shell starts what it puts in the background.
IGNORING = (
    sys.executable,
    "-c",
    "import os, signal, sys\n"
    "for each in (signal.SIGINT, signal.SIGTERM): signal.signal(each, signal.SIG_IGN)\n"
    "os.execv(sys.argv[1], sys.argv[1:])",
)
