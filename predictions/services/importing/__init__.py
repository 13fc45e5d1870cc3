"""Matches and prices into Postgres: from files, the web, feeds, or an invented world."""
