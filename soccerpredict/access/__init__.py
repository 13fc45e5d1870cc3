"""API clients and their keys: issue, scope, limit, verify, roll, revoke."""
