"""API clients and keys, users and their roles, and who changed what, in the admin."""

from soccerpredict.access.admin import audit, keys, users

__all__ = ["audit", "keys", "users"]
