"""LeNet on the handwritten digits, on as many processes as there are: ``mpiexec -n 2 python examples/digits_mpi.py``.

Each rank takes its part of every batch; the steps are those of one process alone, whose numbers come out on any
number of ranks. Given a file, ``... examples/digits_mpi.py digits.safetensors``, it goes on from there, on another
number of ranks too.

As root, Open MPI's ``mpiexec`` asks for ``--allow-run-as-root``, and for more ranks than cores for ``--oversubscribe``;
that of MPICH, which ``chainrule[mpi]`` installs, for neither.
"""

import os

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # before NumPy is imported: the ranks share the cores
import sys
import time

import nn
from nn.datasets import load_digits, train_test_split

EPOCHS = 12


def lenet() -> nn.Module:
    """Two convolutions with batch normalisation, whose means are those of the whole batch, and two layers."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.BatchNorm2d(6), nn.ReLU(),
        nn.Conv2d(6, 16, 3), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(144, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def main(checkpoint: str | None = None, epochs: int = EPOCHS) -> nn.History:
    """Train, and print from rank 0 how well it went."""
    world = nn.distributed.world()
    nn.manual_seed(0)
    X, X_test, y, y_test = train_test_split(*load_digits(), seed=0)
    model = lenet()
    optimizer = nn.AdamW(model.parameters(), lr=0.003)
    start = time.perf_counter()
    history = nn.fit(
        model, (X.reshape(-1, 1, 8, 8), y), nn.CrossEntropyLoss(), optimizer, epochs=epochs, batch_size=128,
        metrics="accuracy", validation=(X_test.reshape(-1, 1, 8, 8), y_test), checkpoint=checkpoint, comm=world,
    )  # fmt: skip
    seconds = time.perf_counter() - start
    if world.rank == 0:
        print(
            f"{world.size} rank{'s' * (world.size > 1)}, {history.epochs} epochs in {seconds:.1f} s: "
            f"loss {history['loss'][-1]:.4f}, {history['val_accuracy'][-1]:.1%} of {len(y_test)} unseen digits"
        )
    return history


if __name__ == "__main__":
    main(*sys.argv[1:2])
