"""Data in batches: data sets, what splits them, and what goes through them. PyTorch's names."""

from .collate import default_collate
from .dataset import Dataset, Subset, TensorDataset
from .loader import DataLoader
from .split import random_split

__all__ = ["DataLoader", "Dataset", "Subset", "TensorDataset", "default_collate", "random_split"]
