"""The examples of docs/examples-networks.md: each is run, finds what it claims, and saves a figure."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd.errors import ArgumentError
from examples import adding, characters, digits, lenet, pictures, pixels, sorting, vgg
from nn.models import VGG

Run = Callable[..., tuple[Any, str]]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run an example as a user does; what it found, and what it printed. Its figure must be sound, and small."""

    def run_main(example: Any, panels: int, *arguments: str) -> tuple[Any, str]:
        path = tmp_path / "new" / "figure.svg"
        found = example.main([*arguments, "--figure", str(path)])
        printed = capsys.readouterr().out
        text = path.read_text(encoding="utf-8")
        assert len(ElementTree.fromstring(text).findall(f"{SVG}g")) == panels
        assert "prefers-color-scheme:dark" in text
        assert not re.search(r'[" ,](nan|inf)\b', text)
        assert len(text) < 130_000
        return found, printed

    return run_main


def test_digits(run: Run) -> None:
    found, printed = run(digits, 4)
    assert len(found.history["loss"]) == digits.EPOCHS
    assert found.accuracy > 0.95
    assert found.confusion.sum() == len(found.labels) == 898
    assert found.confusion.trace() == round(found.accuracy * 898)
    right = found.guesses == found.labels
    before, after = (digits.reliability(found.confidences(t), right)[2] for t in (1.0, found.temperature))
    assert found.temperature > 1.2
    assert after < 0.7 * before
    assert found.loss(found.temperature) < found.loss()
    sure = found.confidences()[found.mistakes()]
    assert (np.diff(sure) <= 0).all()
    assert not right[found.mistakes()].any()
    assert f"{found.accuracy:.1%} of 898 unseen digits" in printed


def test_the_temperature_of_scores_that_are_three_times_too_large() -> None:
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(4000, 5))
    chances = nn.functional.softmax(scores)
    labels = np.array([rng.choice(5, p=p) for p in chances])
    assert digits.calibrate(3 * scores, labels) == pytest.approx(3, rel=0.1)


def test_reliability_of_who_is_always_sure_and_half_the_time_right() -> None:
    sure, true, off = digits.reliability(np.ones(10), np.arange(10) % 2 == 0)
    assert (sure[-1], true[-1], off) == (1, 0.5, 0.5)


def test_lenet(run: Run) -> None:
    found, printed = run(lenet, 3)
    assert found.accuracy >= 0.985
    others = [lenet.find(seed).accuracy for seed in (1, 2)]
    assert np.median([found.accuracy, *others]) >= 0.985
    assert sum(p.size for p in found.model.parameters()) == 44_426
    assert "44,426 parameters" in printed


def test_pictures_that_are_not_moved_stay() -> None:
    class Middle:
        """A generator that draws the middle."""

        def uniform(self, low: float, high: float, shape: tuple[int, ...]) -> Any:
            return np.full(shape, (low + high) / 2)

    images = nn.datasets.load_digits()[0][:5].reshape(-1, 1, 8, 8)
    np.testing.assert_allclose(lenet.moved(images, Middle()), images, atol=1e-6)
    moved = lenet.moved(images, np.random.default_rng(0))
    assert moved.dtype == np.float32
    assert moved.shape == images.shape
    assert 0.01 < np.abs(moved - images).mean() < 0.2


def test_adding(run: Run) -> None:
    found, printed = run(adding, 3)
    assert found["LSTM"].error < 0.005
    assert found["GRU"].error < 0.005
    assert found["RNN"].error > 0.15
    assert f"LSTM after 800 steps: {found['LSTM'].error:.4f}" in printed


def test_the_sequences_to_add() -> None:
    X, y = adding.sequences(200, np.random.default_rng(0))
    assert X.shape == (adding.LENGTH, 200, 2)
    np.testing.assert_array_equal(X[..., 1].sum(axis=0), 2)
    np.testing.assert_array_equal(X[: adding.LENGTH // 2, :, 1].sum(axis=0), 1)
    np.testing.assert_allclose((X[..., 0] * X[..., 1]).sum(axis=0), y, rtol=1e-6)
    assert np.var(y) == pytest.approx(adding.GUESS, rel=0.2)


def test_characters(run: Run) -> None:
    found, printed = run(characters, 3)
    single, pairs = characters.counts()
    assert 4 < single < 5
    assert 3 < pairs < single - 0.5
    for one in found.values():
        assert min(one.unseen) < pairs - 0.4
        assert one.sample.startswith("Alice ")
        assert 200 < len(one.sample) < 226
        words = set(re.findall(r"[a-z]+", characters.TEXT.lower()))
        written = re.findall(r"[a-z]+", one.sample.lower())
        assert np.mean([word in words for word in written]) > 0.5
    assert "It writes:" in printed


def test_sorting(run: Run) -> None:
    found, printed = run(sorting, 3)
    assert found.accuracy > 0.97
    assert found.pointing > 0.6
    np.testing.assert_allclose(found.attention.sum(axis=-1), 1, rtol=1e-5)
    assert not np.triu(found.attention, 1).any()
    assert f"{found.accuracy:.1%} of 500 unseen rows" in printed


def test_an_untrained_sorter_does_not_sort() -> None:
    assert sorting.find(steps=1).accuracy < 0.05


def test_vgg16(run: Run) -> None:
    found, printed = run(vgg, 8)
    assert found.scores.shape == (1000,)
    assert found.parameters == 138_357_544
    assert {name: maps.shape for name, maps in found.inside.items()} == {
        "features.3": (4, 224, 224), "features.8": (4, 112, 112), "features.15": (4, 56, 56),
        "features.22": (4, 28, 28), "features.29": (4, 14, 14),
    }  # fmt: skip
    for width, zeros in found.spread.values():
        assert 0.05 < width < 1
        assert 0.2 < zeros < 0.8
    assert "138,357,544 parameters at random" in printed


def test_vgg_reads_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def narrow(init_weights: bool = True) -> VGG:
        return VGG([(2,), (2,), (2,)], 5, init_weights)

    net = narrow()
    nn.save(net, tmp_path / "narrow.safetensors")
    monkeypatch.setattr(vgg, "vgg16", narrow)
    found = vgg.main(["--weights", str(tmp_path / "narrow.safetensors")])
    np.testing.assert_array_equal(found.scores, vgg.look(net, vgg.scene()).scores)
    assert "parameters of a file" in capsys.readouterr().out


def test_the_gradient_at_the_pixels_is_that_of_the_best_score() -> None:
    nn.manual_seed(0)
    net = VGG([(2,), (3,)], 4).double()
    image = np.random.default_rng(0).random((3, 32, 32))  # no two pixels alike: far from the kinks of poolings
    found = vgg.look(net, image)
    best, (y, x) = int(found.scores.argmax()), np.unravel_index(found.saliency.argmax(), found.saliency.shape)
    slopes = []
    for channel in range(3):
        ends = []
        for step in (1e-6, -1e-6):
            there = image.copy()
            there[channel, y, x] += step * vgg.STD[channel].item()
            ends.append(vgg.look(net, there).scores[best])
        slopes.append(abs(ends[0] - ends[1]) / 2e-6)
    assert max(slopes) == pytest.approx(found.saliency[y, x], rel=1e-3)


def test_blocks_without_convolutions() -> None:
    with pytest.raises(ArgumentError) as caught:
        VGG([(64,), ()])
    assert str(caught.value) == (
        "VGG([(64,), ()])\n"
        "  expected: blocks of at least one convolution\n"
        "  got:      [(64,), ()]\n"
        "  cure:     VGG([(64, 64), (128, 128)])"
    )


@pytest.mark.parametrize("numbers", [np.eye(3, 5), np.ones((3, 4, 2))])
def test_png(numbers: Any) -> None:
    data = base64.b64decode(pixels.png(numbers, "#2b67c2"))
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    at = data.index(b"IDAT")
    length = int.from_bytes(data[at - 4 : at])
    rows = zlib.decompress(data[at + 4 : at + 4 + length])
    high, wide = numbers.shape[-2:]
    channels = len(numbers) if numbers.ndim == 3 else 1
    found = np.frombuffer(rows, np.uint8).reshape(high, 1 + wide * channels)
    assert not found[:, 0].any()
    wanted = np.moveaxis(numbers, 0, -1).reshape(high, -1) if channels > 1 else numbers
    np.testing.assert_array_equal(found[:, 1:], 255 * wanted)


def test_every_example_has_its_picture() -> None:
    for name in pictures.NETWORKS:
        assert (pictures.PICTURES / "examples" / f"{name}.svg").exists()
