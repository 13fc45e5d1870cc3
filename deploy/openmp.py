"""Give LightGBM an OpenMP library where the system has none (docs/decisions/0005).

scikit-learn's wheel brings a copy under another name; a link gives it the name that LightGBM asks
for, in a folder that the Makefile puts on LD_LIBRARY_PATH.
"""

import ctypes
import sysconfig
from pathlib import Path

NAME = "libgomp.so.1"


def main() -> None:
    try:
        ctypes.CDLL(NAME)
    except OSError:
        packages = Path(sysconfig.get_path("purelib"))
        bundled = next(packages.glob("scikit_learn.libs/libgomp*.so*"))
        link = Path(sysconfig.get_path("data"), "openmp", NAME)
        link.parent.mkdir(exist_ok=True)
        link.unlink(missing_ok=True)
        link.symlink_to(bundled)


if __name__ == "__main__":
    main()
