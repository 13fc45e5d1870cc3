"""Which paths belong to programs, which to people with a browser."""

API_PREFIXES = (
    "/predict",
    "/livescores",
    "/monitoring",
    "/metrics",
    "/healthcheck",
    "/livez",
    "/readyz",
    "/schema",
)


def is_api(path: str) -> bool:
    return path.startswith(API_PREFIXES)
