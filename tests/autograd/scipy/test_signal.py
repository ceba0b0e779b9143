"""Convolution along some axes and sums over others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, check_grads, errors

signal = pytest.importorskip("autograd.scipy.signal", reason="SciPy is not installed")
scipy = pytest.importorskip("scipy.signal")

rng = np.random.default_rng(5)


def array(*shape: int) -> Any:
    return rng.normal(size=shape)


@pytest.mark.parametrize("mode", ["full", "valid", "same"])
@pytest.mark.parametrize(
    ("a", "b"), [((5,), (3,)), ((3,), (5,)), ((4, 5), (2, 3)), ((3, 3), (3, 3)), ((2, 3, 4), (2, 2, 2))]
)
def test_all_axes(a: Any, b: Any, mode: str) -> None:
    x, v = array(*a), array(*b)
    expected = scipy.convolve(x, v, mode=mode)
    np.testing.assert_allclose(signal.convolve(x, v, mode=mode), expected, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(signal.convolve(Tensor(x), Tensor(v), mode=mode).data, expected, rtol=1e-12, atol=1e-13)
    check_grads(lambda x, v: signal.convolve(x, v, mode=mode), x, v, order=2, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("mode", ["full", "valid", "same"])
@pytest.mark.parametrize(("a", "b"), [((40,), (33,)), ((5, 6), (3, 2)), ((9, 5), (9, 5))])
def test_transforms_give_the_same(a: Any, b: Any, mode: str) -> None:
    for x, v in ((array(*a), array(*b)), (array(*a), array(*b) + 1j * array(*b))):
        sums, transforms = (signal.convolve(Tensor(x), v, mode=mode, method=way).data for way in ("direct", "fft"))
        np.testing.assert_allclose(transforms, sums, rtol=1e-10, atol=1e-11)
        np.testing.assert_allclose(signal.convolve(x, v, mode=mode), sums, rtol=1e-10, atol=1e-11)
        if len(a) > 1:
            check_grads(lambda x, v: signal.convolve(x, v, mode=mode, method="fft"), x, v, rtol=1e-5, atol=1e-6)
    assert signal.convolve(Tensor(x.astype(np.float32)), v.real.astype(np.float32), method="fft").dtype == np.float32


def test_long_arrays_are_transformed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also on the way back; whole numbers are summed, exactly."""
    from autograd.scipy.rules import signal as rules

    monkeypatch.setattr(rules, "_directly", None)
    x = Tensor(array(500))
    signal.convolve(x, array(200)).sum().backward()
    assert x.grad.shape == (500,)
    monkeypatch.undo()
    assert signal.convolve(np.ones(50, int), np.ones(50, int)).dtype.kind == "i"


@pytest.mark.parametrize("mode", ["full", "valid"])
def test_images_with_channels(mode: str) -> None:
    """What a convolutional layer does: images (n, channel, row, column) with kernels (out, channel, row, column)."""
    images, kernels = array(2, 3, 5, 4), array(2, 3, 2, 3)
    axes, dots = ([2, 3], [2, 3]), ([1], [1])
    y = signal.convolve(images, kernels, mode=mode, axes=axes, dot_axes=dots)
    expected = np.array(
        [[sum(scipy.convolve(x[c], k[c], mode=mode) for c in range(3)) for k in kernels] for x in images]
    )
    np.testing.assert_allclose(y, expected, rtol=1e-12, atol=1e-13)
    check_grads(
        lambda a, b: signal.convolve(a, b, mode=mode, axes=axes, dot_axes=dots), images, kernels, rtol=1e-5, atol=1e-6
    )


def test_axes_in_any_place() -> None:
    a, b = array(4, 2, 3), array(3, 2)
    y = signal.convolve(a, b, axes=([0], [1]), dot_axes=([-1], [0]))
    expected = np.array([sum(np.convolve(a[:, m, d], b[d]) for d in range(3)) for m in range(2)])
    np.testing.assert_allclose(y, expected, rtol=1e-12)
    check_grads(lambda a, b: signal.convolve(a, b, axes=([0], [1]), dot_axes=([-1], [0])), a, b, order=2, rtol=1e-5)
    free = signal.convolve(array(4, 2), array(3, 5), axes=([0], [0]))
    assert free.shape == (2, 5, 6)


@pytest.mark.parametrize(
    ("call", "expected", "cure"),
    [
        (lambda: signal.convolve([1.0], [1.0], mode="half"), "'full', 'valid' or 'same'", "mode='full'"),
        (lambda: signal.convolve([1.0], [1.0], method="fast"), "'auto', 'direct' or 'fft'", "method='auto'"),
        (lambda: signal.convolve([1.0], [[1.0]]), "as many axes in both", "axes=([1], [0])"),
        (lambda: signal.convolve(array(2, 3), array(3, 2), mode="valid"), "one array that covers", "mode='full'"),
        (lambda: signal.convolve(array(2, 3), array(3, 2), axes=([0], [])), "as many axes of both", "dot_axes="),
    ],
)
def test_messages(call: Any, expected: str, cure: str) -> None:
    with pytest.raises(errors.ArgumentError) as caught:
        call()
    assert expected in str(caught.value)
    assert cure in str(caught.value)


def test_what_is_not_here_is_scipys() -> None:
    assert signal.detrend is scipy.detrend
