"""Which clubs, leagues and matches of two sources are the same: plain records in, decisions out."""
