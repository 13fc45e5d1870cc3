"""What can go wrong before Django is there to say so."""


class ServersUnavailable(Exception):
    """No server can be started or joined; the text says what to do."""
