"""Who is at home in the final tournament of an international: its hosts, and nobody else."""

# By the year in which it was played. That of 2021 went through eleven countries, of which only
# England played all that it hosted at home.
HOSTS = {
    ("EC", 2016): {"France"},
    ("WC", 2018): {"Russia"},
    ("EC", 2021): {"England"},
    ("WC", 2022): {"Qatar"},
    ("EC", 2024): {"Germany"},
    ("WC", 2026): {"Canada", "Mexico", "United States", "USA"},
    ("EC", 2028): {"England", "Scotland", "Wales", "Ireland", "Republic of Ireland"},
    ("WC", 2030): {"Spain", "Portugal", "Morocco"},
}
LATE = {("EC", 2020): ("EC", 2021)}  # called by the year for which it was planned


def at_home(tournament: str, year: int, nation: str) -> bool:
    """Whether a nation hosts the `EC` or `WC` of a year."""
    edition = LATE.get((tournament, year), (tournament, year))
    return nation in HOSTS.get(edition, ())
