"""The arrays that all the maths speaks of."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
# Structured: each row has named fields, `rows["elo"]` is one field of all, `rows[3]["elo"]` of one.
Records = NDArray[np.void]
# One row of them, by reference: what is written to a field is written to the table.
Record = Any
