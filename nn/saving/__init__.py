"""Networks and whole trainings in files: safetensors, which PyTorch reads too, and in which there is no program."""

from .checkpoint import load, save
from .errors import FileError, MissingFileError

__all__ = ["FileError", "MissingFileError", "load", "save"]
