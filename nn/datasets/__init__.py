"""Small data sets that need no network: for the demo, the tests, and a first experiment."""

from .digits import load_digits
from .iris import load_iris
from .split import train_test_split
from .toy import make_moons, make_spirals, six_row_table, xor

__all__ = ["load_digits", "load_iris", "make_moons", "make_spirals", "six_row_table", "train_test_split", "xor"]
