"""How the platform is seen from outside: logs, metrics and traces."""
