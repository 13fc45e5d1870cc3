"""Which sources' prices may leave by the API."""

# As SQL over o (odds): evaluated once a query, not once a row.
WITHHELD = """ARRAY(SELECT name::text FROM predictions_oddssource
                     WHERE NOT may_pass_on ORDER BY name)"""
ALLOWED = f"o.source <> ALL ({WITHHELD})"
