"""The two rules of the state machine, compiled: read a fixture's features, apply a result.

Row 0 of every table stands for 'unknown' (club, tournament, pair of clubs): it is read like any
other and never written, so that a fixture between strangers needs no rule of its own.

Source of the ratings: an extended Kalman filter on log goal rates, after Rue & Salvesen
(2000), The Statistician 49(3), with every step in closed form.
"""
