"""What Ctrl-C and `kill` do to a program of ours, whatever the program that started it chose."""

import signal

ENDING = (signal.SIGINT, signal.SIGTERM)


def restore() -> None:
    """Let SIGINT and SIGTERM end this program again.

    A signal that the parent ignored stays ignored in the child: under `nohup make run &`, and in
    what a script starts with `&`, nobody could stop a server by Ctrl-C, nor stop it as gently.
    """
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGTERM) is signal.SIG_IGN:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
