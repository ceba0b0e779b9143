"""What pytest does not collect: the examples in ``autograd.scipy`` need SciPy."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("scipy") else ["autograd/scipy"]
