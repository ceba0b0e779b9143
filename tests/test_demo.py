"""The demo's numbers: the published neuron to all digits, XOR, the digits, and the pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from examples import demo


@pytest.fixture(scope="module")
def digits() -> demo.Digits:
    return demo.train_digits()


def test_the_published_neuron() -> None:
    weights = demo.train_neuron()
    assert tuple(f"{w:.8f}" for w in weights.ravel()) == ("-4.21652261", "12.79677774", "-4.21664048")
    assert f"{demo.predict_neuron(weights, (1, 0, 0)):.8f}" == "0.01453545"
    assert f"{demo.predict_neuron(weights, (0, 1, 1)):.8f}" == "0.99981224"


def test_the_neuron_starts_from_the_published_weights() -> None:
    np.testing.assert_allclose(
        demo.train_neuron(iterations=0).ravel(), [-0.25091976, 0.90142861, 0.46398788], atol=5e-9
    )


def test_another_neuron_is_not_the_published_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "train_neuron", lambda: np.array([[-4.2165], [12.7968], [-4.2166]]))
    assert not demo.show_neuron()
    assert "DIFFERENT" in capsys.readouterr().out


def test_xor_needs_a_hidden_layer() -> None:
    result = demo.train_xor()
    assert result.perceptron != [0, 1, 1, 0]
    assert min(result.perceptron_mistakes) > 0
    assert result.mlp == [0, 1, 1, 0]


def test_digits_are_read(digits: demo.Digits) -> None:
    assert digits.test_accuracy >= 0.96
    assert digits.train_accuracy >= digits.test_accuracy
    assert digits.seconds < 30
    assert digits.losses[-1] < 0.02 * digits.losses[0]


def test_pictures_are_written(digits: demo.Digits, tmp_path: Path) -> None:
    written = dict(demo.write_pictures(tmp_path / "out", digits))
    assert sorted(path.name for path in written.values()) == ["derivation.md", "digits.svg", "loss.png", "neuron.svg"]
    for name in ("neuron.svg", "digits.svg"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert "<svg" in text
        assert "loss" in text
    assert "-4.355" in (tmp_path / "out" / "derivation.md").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "loss.png").read_bytes().startswith(b"\x89PNG")


def test_main(
    digits: demo.Digits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "train_digits", lambda: digits)
    assert demo.main(["--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "All digits are the published ones." in printed
    assert "12.79677774" in printed
    assert f"{tmp_path / 'neuron.svg'}" in printed
