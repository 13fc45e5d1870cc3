"""The maths: features, models, scores, markets and stakes, over numpy and pandas alone."""
