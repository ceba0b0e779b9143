"""Data, files and trainings beside PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import no_grad
from nn.data import DataLoader, TensorDataset, default_collate, random_split

torch = pytest.importorskip("torch")
data = pytest.importorskip("torch.utils.data")
files = pytest.importorskip("safetensors.torch")


def plain(x: Any) -> Any:
    """Nested lists; PyTorch makes lists of tuples."""
    if isinstance(x, dict):
        return {key: plain(y) for key, y in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(y) for y in x]
    return x.tolist() if hasattr(x, "tolist") else x


EXAMPLES = [{"x": (np.full(2, float(i)), [i, -i]), "name": f"n{i}", "ok": i % 2 == 0, "y": i / 2} for i in range(7)]


@pytest.mark.parametrize("options", [
    {}, {"batch_size": 3}, {"batch_size": 3, "drop_last": True}, {"batch_size": 7},
    {"batch_size": 9, "drop_last": True},
    {"batch_size": 2, "sampler": [6, 0, 0, 3, 1]}, {"batch_sampler": [[1, 2], [0], [5, 4, 3]]}, {"batch_size": None},
    {"batch_size": 4, "collate_fn": len},
], ids=str)  # fmt: skip
def test_the_same_batches(options: dict[str, Any]) -> None:
    ours, theirs = DataLoader(EXAMPLES, **options), data.DataLoader(EXAMPLES, **options)
    assert plain(list(ours)) == plain(list(theirs))
    assert len(ours) == len(theirs)


@pytest.mark.parametrize("options", [
    {"shuffle": True, "sampler": [0]}, {"batch_size": 2, "batch_sampler": [[0]]},
    {"batch_size": None, "drop_last": True},
    {"batch_size": 0}, {"num_workers": -1},
], ids=str)  # fmt: skip
def test_the_same_contradictions(options: dict[str, Any]) -> None:
    for loader in (DataLoader, data.DataLoader):
        with pytest.raises(ValueError, match=r"."):
            loader(EXAMPLES, **options)


@pytest.mark.parametrize("example", EXAMPLES[0]["x"] + ([True], 1, 2.5, "a", {"a": (1, {"b": np.float32(2)})}), ids=str)
def test_the_same_dtypes(example: Any) -> None:
    def dtypes(x: Any) -> Any:
        if isinstance(x, dict):
            return [dtypes(y) for y in x.values()]
        if isinstance(x, (list, tuple)):
            return [dtypes(y) for y in x]
        return str(x.dtype).removeprefix("torch.") if hasattr(x, "dtype") else x

    assert dtypes(default_collate([example] * 2)) == dtypes(data.default_collate([example] * 2))


@pytest.mark.parametrize("lengths", [[3, 4], [0.5, 0.5], [0.5, 0.25, 0.25], [0.85, 0.15], [7, 0]], ids=str)
def test_the_same_sizes_of_splits(lengths: list[Any]) -> None:
    theirs = data.random_split(range(7), lengths)
    assert [len(part) for part in random_split(range(7), lengths, seed=0)] == [len(part) for part in theirs]


# Files.


def pair() -> tuple[Any, Any]:
    """A network of ours, and the same of theirs with other weights."""
    ours = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 5), torch.nn.Tanh(), torch.nn.Linear(5, 2))
    return ours, theirs


def agree(ours: Any, theirs: Any) -> bool:
    return all(np.array_equal(ours.state_dict()[name], x.numpy()) for name, x in theirs.state_dict().items())


def test_weights_of_theirs_load_here(tmp_path: Path) -> None:
    ours, theirs = pair()
    path = tmp_path / "model.safetensors"
    for write in (files.save_model, lambda model, path: files.save_file(model.state_dict(), path, {"format": "pt"})):
        ours, theirs = pair()
        write(theirs, path)
        nn.load(path, ours)
        assert agree(ours, theirs)
    theirs.to(torch.bfloat16)
    files.save_file(theirs.state_dict(), path)
    nn.load(path, ours)
    assert agree(ours, theirs.float())
    theirs.double()
    files.save_file(theirs.state_dict(), path)
    nn.load(path, ours)
    assert agree(ours, theirs.float())


def test_weights_of_ours_load_there(tmp_path: Path) -> None:
    ours, theirs = pair()
    path = tmp_path / "model.safetensors"
    nn.save(ours, path)
    files.load_model(theirs, path)
    assert agree(ours, theirs)
    x = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    with no_grad():
        np.testing.assert_allclose(ours(x), theirs(torch.tensor(x)).detach().numpy(), rtol=1e-5, atol=1e-6)


def test_the_weights_of_a_whole_training_of_ours_load_there(tmp_path: Path) -> None:
    ours, theirs = pair()
    path = tmp_path / "run.safetensors"
    nn.save(ours, path, optimizer=nn.Adam(ours.parameters()), epoch=3)
    tensors = files.load_file(path)
    theirs.load_state_dict({k.removeprefix("model."): x for k, x in tensors.items() if k.startswith("model.")})
    assert agree(ours, theirs)


def test_weights_that_two_parts_share(tmp_path: Path) -> None:
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Linear(3, 3))
    theirs[1].weight = theirs[0].weight
    path = tmp_path / "model.safetensors"
    files.save_model(theirs, path)
    assert len(files.load_file(path)) == 3  # the shared one is there once
    ours = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3))
    nn.load(path, ours)
    assert agree(ours, theirs)


def test_a_pickle_of_theirs_is_refused_and_the_cure_works(tmp_path: Path) -> None:
    ours, theirs = pair()
    path = str(tmp_path / "model.pt")
    torch.save(theirs.state_dict(), path)
    with pytest.raises(nn.saving.FileError, match="a zip archive") as raised:
        nn.load(path, ours)
    cure = str(raised.value).split("in PyTorch: ")[1]
    converted = str(tmp_path / "model.safetensors")
    import safetensors

    eval(cure.replace("'model.safetensors'", "converted"), {**globals(), "safetensors": safetensors}, locals())
    nn.load(converted, ours)
    assert agree(ours, theirs)


# Trainings.

TASKS: dict[str, Callable[[], tuple[Any, Any]]] = {
    "moons": lambda: nn.datasets.make_moons(300),
    "spirals": lambda: nn.datasets.make_spirals(300),
    "iris": nn.datasets.load_iris,
    "digits": lambda: tuple(x[:600] for x in nn.datasets.load_digits()),
}


@pytest.mark.parametrize("name", TASKS)
def test_fit_reaches_the_accuracy_of_the_same_loop_in_torch(name: str) -> None:
    """The same first weights, batches and steps: the losses of all epochs agree, and so does the accuracy."""
    X, y = TASKS[name]()
    nn.manual_seed(0)
    ours = nn.MLP(X.shape[1], 32, int(y.max()) + 1)
    theirs = torch.nn.Sequential(
        torch.nn.Linear(X.shape[1], 32), torch.nn.ReLU(), torch.nn.Linear(32, int(y.max()) + 1)
    )
    theirs.load_state_dict({name: torch.tensor(x) for name, x in ours.state_dict().items()})
    loader = DataLoader(TensorDataset(X, y), 32, shuffle=True, seed=1)
    state, epochs = loader.state_dict(), 25
    optimizer = nn.Adam(ours.parameters(), lr=0.01)
    history = nn.fit(ours, loader, nn.CrossEntropyLoss(), optimizer, epochs=epochs, metrics="accuracy")
    loader.load_state_dict(state)
    optimizer = torch.optim.Adam(theirs.parameters(), lr=0.01)
    losses, accuracies = [], []
    for _ in range(epochs):
        loss_sum = right = 0.0
        for xb, yb in loader:
            output, target = theirs(torch.tensor(xb)), torch.tensor(yb)
            loss = torch.nn.functional.cross_entropy(output, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            loss_sum += loss.item() * len(xb)
            right += float((output.argmax(1) == target).sum())
        losses.append(loss_sum / len(X))
        accuracies.append(right / len(X))
    np.testing.assert_allclose(history["loss"], losses, rtol=2e-3)
    assert history["accuracy"][-1] == pytest.approx(accuracies[-1], abs=0.01)
    assert history["accuracy"][-1] > (0.6 if name == "spirals" else 0.9)
