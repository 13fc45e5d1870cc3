"""How far the sum of rounded probabilities may be from one."""

# Published ones have six decimals, and the likeliest outcome takes up what the others lose.
ROUNDING = 2e-6
