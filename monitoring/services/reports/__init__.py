"""How good predictions were and whether matches still look like those learned from."""
