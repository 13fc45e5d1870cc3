"""Numbers as far as all machines agree on them."""

import numpy as np

# Machines differ in the last bits of exp and log; a rate changed by a tenth shows long before.
DECIMALS = 4


def rounded(features):
    return np.nan_to_num(np.rint(features * 10**DECIMALS), nan=-(2.0**62)).astype("<i8")
