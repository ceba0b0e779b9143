"""Training without writing the loop: ``fit``, what it watches, what it calls, and what it remembers."""

from .callbacks import Callback
from .early_stopping import EarlyStopping
from .evaluation import evaluate
from .failures import NotFiniteError
from .fitting import fit
from .history import History
from .metrics import accuracy
from .run import Training
from .snapshots import Snapshots

__all__ = [
    "Callback",
    "EarlyStopping",
    "History",
    "NotFiniteError",
    "Snapshots",
    "Training",
    "accuracy",
    "evaluate",
    "fit",
]
