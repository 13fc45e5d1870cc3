"""The connection to Postgres: Django's, with limits on how long a program waits for an answer."""
