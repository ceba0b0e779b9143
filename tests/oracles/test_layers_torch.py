"""PyTorch as an oracle for the layers: its weights in, the same outputs and gradients out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors

torch = pytest.importorskip("torch")
torch.set_num_threads(1)  # such small pieces are slower on several
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
ZERO = {"float32": 0.1, "float64": 0.1}
"""What counts as 0 where all of an array is rounding, as the gradient of a bias in front of a mean that is taken off."""
every_dtype = pytest.mark.parametrize("dtype", sorted(TOLERANCE))


def leaves(tree: Any) -> list[Any]:
    """The tensors of nested tuples."""
    if isinstance(tree, (tuple, list)):
        return [x for part in tree for x in leaves(part)]
    return [] if tree is None else [tree]


def twins(name: str, args: Any, kwargs: Any, dtype: str) -> tuple[Any, Any]:
    """Our layer and PyTorch's, with the same weights."""
    torch.manual_seed(0)
    theirs = getattr(torch.nn, name)(*args, **kwargs).to(getattr(torch, dtype))
    ours = getattr(nn, name)(*args, **kwargs).to(dtype)
    for p in theirs.parameters():
        torch.nn.init.normal_(p, std=0.4)
    state = theirs.state_dict()
    assert [(path, array.shape) for path, array in ours.state_dict().items()] == [
        (path, tuple(t.shape)) for path, t in state.items()
    ]
    ours.load_state_dict(state)
    return ours, theirs


def twin_inputs(shapes: Any, dtype: str) -> tuple[list[Any], list[Any]]:
    """The same numbers for both, as leaves."""
    rng = np.random.default_rng(3)
    arrays = [rng.normal(size=shape).astype(dtype) for shape in shapes]
    return [Tensor(a) for a in arrays], [torch.tensor(a, requires_grad=True) for a in arrays]


def compare(
    name: str, args: Any, kwargs: Any, shapes: Any, dtype: str, call: Any = None, ours_call: Any = None
) -> None:
    """Outputs, gradients of inputs and of parameters, and the buffers afterwards."""
    ours, theirs = twins(name, args, kwargs, dtype)
    xs, ts = twin_inputs(shapes, dtype)
    found = leaves((ours_call or call)(ours, *xs) if call else ours(*xs))
    expected = leaves(call(theirs, *ts) if call else theirs(*ts))
    assert len(found) == len(expected)
    loss, their_loss = 0, 0
    for y, z in zip(found, expected, strict=True):
        close(y.data, z, dtype)
        w = np.cos(np.arange(y.size)).reshape(y.shape).astype(dtype)
        loss, their_loss = loss + (y * w).sum(), their_loss + (z * torch.tensor(w)).sum()
    if their_loss.requires_grad:
        loss.backward()
        their_loss.backward()
    pairs = [*zip(xs, ts, strict=True), *zip(ours.parameters(), theirs.parameters(), strict=True)]
    for x, t in pairs:
        if t.grad is not None:
            close(x.grad, t.grad, dtype)
    for b, t in zip(ours.buffers(), theirs.buffers(), strict=True):
        np.testing.assert_allclose(b.data, t.numpy(), rtol=TOLERANCE[dtype])


def close(found: Any, expected: Any, dtype: str) -> None:
    expected = expected.numpy(force=True)
    assert np.asarray(found).dtype == expected.dtype == dtype
    largest = float(np.abs(expected).max(initial=0))
    np.testing.assert_allclose(
        found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * max(largest, ZERO[dtype])
    )


IMAGE, ROW = [(2, 4, 7, 6)], [(2, 4, 9)]
LAYERS: list[tuple[str, tuple[Any, ...], dict[str, Any], Any]] = [
    *(("Conv1d", (4, 6, 3), options, ROW) for options in (
        {}, {"stride": 2, "padding": 1}, {"dilation": 2, "bias": False}, {"padding": "same"}, {"groups": 2},
        {"padding": "same", "dilation": 3}, {"padding": "valid"},
    )),
    ("Conv1d", (4, 8, 4), {"padding": "same", "groups": 4}, ROW),
    ("Conv1d", (4, 2, 3), {}, [(4, 9)]),
    *(("Conv2d", (4, 6, 3), options, IMAGE) for options in (
        {}, {"stride": 2, "padding": 1}, {"stride": (1, 2), "padding": (2, 0)}, {"dilation": (2, 1)}, {"groups": 2},
        {"padding": "same"}, {"bias": False, "stride": 3},
    )),
    ("Conv2d", (4, 8, (2, 3)), {"padding": "same", "groups": 4}, IMAGE),
    ("Conv2d", (4, 3, 1), {}, IMAGE),
    ("Conv2d", (4, 3, (7, 6)), {}, IMAGE),
    ("Conv2d", (4, 2, 3), {}, [(4, 5, 5)]),
    *(("ConvTranspose2d", (4, 6, 3), options, IMAGE) for options in (
        {}, {"stride": 2, "padding": 1}, {"stride": 2, "output_padding": 1}, {"groups": 2, "dilation": 2},
        {"stride": (1, 3), "padding": (0, 1), "output_padding": (0, 2), "bias": False},
    )),
    ("ConvTranspose2d", (4, 2, 2), {}, [(4, 5, 5)]),
    *(("MaxPool1d", (k,), options, ROW) for k, options in (
        (2, {}), (3, {"stride": 1}), (3, {"stride": 2, "padding": 1}), (2, {"dilation": 3}), (2, {"ceil_mode": True}),
    )),
    *(("MaxPool2d", (k,), options, IMAGE) for k, options in (
        (2, {}), ((3, 2), {"stride": 1}), (3, {"stride": 2, "padding": 1, "ceil_mode": True}), (2, {"dilation": 2}),
        (3, {"stride": 3, "ceil_mode": True}), (2, {"stride": (3, 4), "padding": 1, "ceil_mode": True}),
    )),
    *(("AvgPool1d", (k,), options, ROW) for k, options in (
        (2, {}), (3, {"stride": 2, "padding": 1}), (3, {"padding": 1, "count_include_pad": False}),
        (2, {"ceil_mode": True}),
    )),
    *(("AvgPool2d", (k,), options, IMAGE) for k, options in (
        (2, {}), (3, {"stride": 2, "padding": 1}), (3, {"stride": 2, "padding": 1, "ceil_mode": True}),
        (3, {"divisor_override": 5}),
        (3, {"stride": 2, "padding": 1, "count_include_pad": False, "ceil_mode": True}), ((3, 2), {"ceil_mode": True}),
    )),
    *(("AdaptiveAvgPool2d", (size,), {}, IMAGE) for size in (1, 3, (7, 6), (2, None), (4, 5), (9, 8))),
    *(("BatchNorm1d", (4,), options, shapes) for options in (
        {}, {"momentum": None, "eps": 0.1}, {"affine": False}, {"track_running_stats": False}, {"momentum": 0.3},
    ) for shapes in (ROW, [(5, 4)])),
    ("BatchNorm2d", (4,), {}, IMAGE),
    ("LayerNorm", (6,), {}, IMAGE),
    ("LayerNorm", ((7, 6),), {"eps": 0.1}, IMAGE),
    ("LayerNorm", (6,), {"elementwise_affine": False}, IMAGE),
    ("LayerNorm", (6,), {"bias": False}, IMAGE),
    ("RMSNorm", (6,), {}, IMAGE),
    ("RMSNorm", ((7, 6),), {"eps": 0.1}, IMAGE),
    ("RMSNorm", (6,), {"elementwise_affine": False}, IMAGE),
    ("GroupNorm", (2, 4), {}, IMAGE),
    ("GroupNorm", (4, 4), {"eps": 0.1}, [(3, 4)]),
    ("GroupNorm", (1, 4), {"affine": False}, ROW),
    ("Bilinear", (3, 4, 5), {}, [(2, 6, 3), (2, 6, 4)]),
    ("Bilinear", (3, 4, 5), {"bias": False}, [(3,), (4,)]),
    *((name, (3, 4), {**options, **more}, shapes) for name in ("RNN", "LSTM", "GRU") for options, shapes in (
        ({}, [(5, 2, 3)]), ({"num_layers": 2}, [(5, 2, 3)]), ({"bidirectional": True, "num_layers": 2}, [(5, 2, 3)]),
        ({"batch_first": True, "bias": False}, [(2, 5, 3)]), ({}, [(5, 3)]),
    ) for more in ([{}, {"nonlinearity": "relu"}] if name == "RNN" else [{}])),
    *((name, args, {}, [(2, 4, 3)]) for name, args in (
        ("LeakyReLU", ()), ("LeakyReLU", (0.3,)), ("ELU", ()), ("ELU", (0.4,)), ("SELU", ()), ("GELU", ()),
        ("GELU", ("tanh",)),
        ("SiLU", ()), ("Mish", ()), ("Softplus", ()), ("Softplus", (3.0, 2.0)), ("Hardtanh", ()),
        ("Hardtanh", (-0.5, 0.3)),
        ("ReLU6", ()), ("Hardswish", ()), ("LogSigmoid", ()), ("Softsign", ()), ("Tanhshrink", ()),
        ("PReLU", ()), ("PReLU", (4,)), ("GLU", (1,)), ("Threshold", (0.2, 0.7)), ("Softmin", (1,)),
    )),
    *(("TransformerEncoderLayer", (8, 2, 16), {"dropout": 0.0, **options}, [(5, 3, 8)]) for options in (
        {}, {"norm_first": True}, {"activation": "gelu", "batch_first": True}, {"bias": False},
    )),
]  # fmt: skip


LAYERS += [  # as in PyTorch's own tests of its modules
    *(("Linear", args, options, [shape]) for args, options, shape in (
        ((3, 5), {}, (4, 3)), ((3, 5), {"bias": False}, (4, 3)), ((3, 5), {}, (3,)), ((3, 1), {}, (2, 4, 3)), ((3, 5), {}, (0, 3)),
    )),
    *((name, (), {}, [shape]) for name in ("ReLU", "Tanh", "Sigmoid", "Identity", "SiLU", "GELU", "ELU", "LogSigmoid")
        for shape in ((), (3,), (2, 1, 3), (0, 2))),
    *((name, (dim,), {}, [(2, 4, 3)]) for name in ("Softmax", "LogSoftmax", "Softmin") for dim in (0, 1, -1)),
    *(("Flatten", args, {}, IMAGE) for args in ((), (0,), (1, 2), (2, -1), (-3, -2))),
    ("Dropout", (0.0,), {}, ROW),
    ("Conv1d", (4, 4, 3), {"groups": 4, "stride": 2, "dilation": 2, "padding": 1}, ROW),
    ("Conv1d", (4, 5, 3), {"padding": 2, "stride": 3}, [(0, 4, 9)]),
    ("Conv1d", (4, 5, 2), {"padding": "same"}, [(1, 4, 1)]),
    ("Conv2d", (4, 6, (3, 2)), {"stride": 2, "padding": (1, 1), "dilation": 2}, IMAGE),
    ("Conv2d", (4, 4, 3), {"groups": 4, "padding": 1}, IMAGE),
    ("Conv2d", (4, 8, 3), {"groups": 4, "stride": (2, 1), "dilation": (1, 2), "bias": False}, IMAGE),
    ("Conv2d", (4, 6, (3, 2)), {"padding": "same", "dilation": (2, 3)}, IMAGE),
    ("Conv2d", (4, 6, 3), {"padding": 3}, [(0, 4, 5, 5)]),
    ("Conv2d", (1, 1, 1), {"stride": 2}, [(1, 1, 1, 1)]),
    ("ConvTranspose2d", (4, 6, (2, 3)), {"stride": (3, 2), "padding": (1, 2), "output_padding": (2, 1), "groups": 2}, IMAGE),
    ("ConvTranspose2d", (4, 4, 3), {"groups": 4, "dilation": 2, "stride": 2, "output_padding": 1, "bias": False}, IMAGE),
    ("ConvTranspose2d", (4, 6, 3), {}, [(0, 4, 5, 5)]),
    ("MaxPool1d", (4,), {"stride": 4, "padding": 2, "dilation": 2, "ceil_mode": True}, ROW),
    ("MaxPool1d", (3,), {"stride": 2}, [(4, 9)]),
    ("MaxPool2d", ((3, 4),), {"stride": (2, 3), "padding": (1, 2), "dilation": (2, 1)}, IMAGE),
    ("MaxPool2d", (2,), {}, [(4, 7, 6)]),
    ("MaxPool2d", (2,), {"stride": 3}, IMAGE),
    ("AvgPool1d", (4,), {"stride": 3, "padding": 2, "ceil_mode": True, "count_include_pad": False}, ROW),
    ("AvgPool2d", ((2, 4),), {"stride": (1, 3), "padding": (1, 2), "ceil_mode": True, "divisor_override": 3}, IMAGE),
    ("AvgPool2d", (2,), {}, [(4, 7, 6)]),
    ("AdaptiveAvgPool2d", ((None, 2),), {}, [(4, 7, 6)]),
    ("BatchNorm1d", (4,), {"affine": False, "track_running_stats": False}, ROW),
    ("BatchNorm2d", (4,), {"eps": 1e-3, "momentum": None}, IMAGE),
    ("BatchNorm2d", (4,), {"momentum": 0.8, "affine": False}, IMAGE),
    ("LayerNorm", ((4, 7, 6),), {"elementwise_affine": False}, IMAGE),
    ("LayerNorm", (6,), {}, [(0, 6)]),
    ("GroupNorm", (2, 4), {"eps": 1e-3}, [(2, 4)]),
    ("GroupNorm", (4, 4), {"affine": False}, IMAGE),
    ("RMSNorm", ((4, 7, 6),), {}, IMAGE),
    *((name, args, {}, [shape]) for name, args, shape in (
        ("PReLU", (4, 0.3), (2, 4)), ("PReLU", (4,), (2, 4, 3, 2)), ("GLU", (), (3, 6)), ("GLU", (0,), (4, 3)), ("Softplus", (2, 100), (3, 4)),
        ("Softplus", (2, -100), (3, 4)), ("Threshold", (2.0, 10.0), (3, 4)), ("Hardtanh", (-2, 0.5), (3, 4)), ("ELU", (2.0,), (3, 2, 5)),
        ("LeakyReLU", (0.5,), ()), ("LeakyReLU", (0.0,), (3, 2)), ("Softmin", (1,), (3, 2)), ("RNN", (3, 1), (1, 1, 3)),
        ("LSTM", (3, 1), (1, 1, 3)), ("GRU", (3, 1), (1, 1, 3)), ("GRU", (1, 2), (4, 3, 1)),
    )),
    *((name, (3, 4), {"num_layers": 3, "bias": False, "bidirectional": True, "batch_first": True}, [(2, 5, 3)]) for name in ("RNN", "LSTM", "GRU")),
    *(("TransformerEncoderLayer", (8, 4, 5), {"dropout": 0.0, **options}, [shape]) for options, shape in (
        ({"norm_first": True, "bias": False, "batch_first": True}, (2, 5, 8)), ({"layer_norm_eps": 0.1, "activation": "gelu"}, (5, 8)),
    )),
]  # fmt: skip
# ruff: noqa: E501 -- a case is read across, like a line of a table


@every_dtype
@pytest.mark.parametrize(("name", "args", "kwargs", "shapes"), LAYERS, ids=lambda x: str(x))
def test_layer(name: str, args: Any, kwargs: Any, shapes: Any, dtype: str) -> None:
    compare(name, args, kwargs, shapes, dtype)


MOVING = [case for case in LAYERS if all(map(all, case[3]))]


@every_dtype
@pytest.mark.parametrize(("name", "args", "kwargs", "shapes"), MOVING, ids=lambda x: str(x))
def test_twenty_steps(name: str, args: Any, kwargs: Any, shapes: Any, dtype: str) -> None:
    """Weights and inputs take the same way downhill, and buffers follow."""
    ours, theirs = twins(name, args, kwargs, dtype)
    xs, ts = twin_inputs(shapes, dtype)
    mine, other = [*ours.parameters(), *xs], [*theirs.parameters(), *ts]
    optimizers = nn.SGD(mine, lr=0.01, momentum=0.9), torch.optim.SGD(other, lr=0.01, momentum=0.9)
    for _ in range(20):
        for optimizer, layer, inputs in ((optimizers[0], ours, xs), (optimizers[1], theirs, ts)):
            optimizer.zero_grad()
            loss = sum((y * y).mean() for y in leaves(layer(*inputs)))
            if loss.requires_grad:
                loss.backward()
            optimizer.step()
    for p, t in zip([*mine, *ours.buffers()], [*other, *theirs.buffers()], strict=True):
        found, expected = np.asarray(p.data), t.numpy(force=True)
        scale = float(np.abs(expected).max(initial=0))
        np.testing.assert_allclose(found, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype] * scale)


APART = {"Embedding", "MultiheadAttention", "Hardsigmoid"}
"""Layers with tests of their own below."""


def test_every_layer_is_compared() -> None:
    layers = {name for name in nn.__all__ if isinstance(x := getattr(nn, name), type) and issubclass(x, nn.Module)}
    same = {name for name in layers if hasattr(torch.nn, name) and not name.endswith("Loss")}
    assert same - {case[0] for case in LAYERS} - APART == {"Module", *HOLDERS}


HOLDERS = {"Sequential", "ModuleList", "ModuleDict", "ParameterList", "ParameterDict"}
LACKS = {
    "LSTM": {"proj_size": 1}, "Embedding": {"max_norm": 1.0, "sparse": True, "scale_grad_by_freq": True},
    "MultiheadAttention": {"kdim": 3, "vdim": 3, "add_bias_kv": True, "add_zero_attn": True}, "MaxPool2d": {"return_indices": True},
}  # fmt: skip
"""Arguments of PyTorch's that we do not have."""


@pytest.mark.parametrize(("name", "argument"), [(name, x) for name, options in LACKS.items() for x in options])
def test_an_argument_that_only_pytorch_has_is_named(name: str, argument: str) -> None:
    args = {"MaxPool2d": (2,)}.get(name, (4, 2))
    getattr(torch.nn, name)(*args, **{argument: LACKS[name][argument]})
    with pytest.raises(
        errors.ArgumentError, match=rf"{argument}, which {name} does not have here(.|\n)*without {argument}"
    ):
        getattr(nn, name)(*args, **{argument: LACKS[name][argument]})


@pytest.mark.parametrize(
    ("name", "args"), [("Conv2d", (1, 2, 3)), ("BatchNorm1d", (3,)), ("ReLU", ()), ("Dropout", (0.0,))]
)
def test_an_argument_about_memory_is_let_through(name: str, args: tuple[Any, ...]) -> None:
    given: dict[str, Any] = {"inplace": True} if name in ("ReLU", "Dropout") else {"device": "cpu"}
    getattr(torch.nn, name)(*args, **given)
    getattr(nn, name)(*args, **given)


@pytest.mark.parametrize("padding_mode", ["reflect", "replicate", "circular"])
def test_borders_that_only_pytorch_has(padding_mode: str) -> None:
    with pytest.raises(errors.ArgumentError, match=rf"padding_mode='{padding_mode}'(.|\n)*'zeros'(.|\n)*np.pad"):
        nn.Conv2d(1, 2, 3, padding_mode=padding_mode)


PLAIN = [case for case in LAYERS if case[0] not in ("TransformerEncoderLayer", "LayerNorm", "PReLU", "GELU")]


@pytest.mark.parametrize(("name", "args", "kwargs", "shapes"), PLAIN, ids=lambda x: str(x))
def test_the_same_repr(name: str, args: Any, kwargs: Any, shapes: Any) -> None:
    ours = repr(getattr(nn, name)(*args, **kwargs))
    assert ours == repr(getattr(torch.nn, name)(*args, **kwargs))


def test_hardsigmoid() -> None:
    """In double precision PyTorch's gradient has a sixth of single precision in it."""
    points = np.linspace(-4, 4, 30)
    x, t = Tensor(points), torch.tensor(points, requires_grad=True)
    y, z = nn.Hardsigmoid()(x), torch.nn.Hardsigmoid()(t)
    close(y.data, z, "float64")
    y.sum().backward()
    z.sum().backward()
    np.testing.assert_allclose(x.grad, t.grad.numpy(), rtol=1e-7)


KINKS = ["ReLU", "LeakyReLU", "ELU", "SELU", "Hardtanh", "ReLU6", "Hardswish", "Softsign"]


@pytest.mark.parametrize("name", KINKS)
def test_derivatives_at_kinks(name: str) -> None:
    points = np.array([-3.0, -1.0, 0.0, 1.0, 3.0, 6.0])
    x, t = Tensor(points), torch.tensor(points, requires_grad=True)
    getattr(nn, name)()(x).sum().backward()
    getattr(torch.nn, name)()(t).sum().backward()
    np.testing.assert_allclose(x.grad, t.grad.numpy(), atol=1e-15)


def test_ties_go_to_the_first() -> None:
    points = np.array([[[[1.0, 1.0, 0.0, 2.0], [1.0, 0.0, 2.0, 2.0]]]])
    for options in ({}, {"stride": 1}, {"padding": 1}):
        x, t = Tensor(points), torch.tensor(points, requires_grad=True)
        nn.MaxPool2d(2, **options)(x).sum().backward()
        torch.nn.MaxPool2d(2, **options)(t).sum().backward()
        np.testing.assert_array_equal(x.grad, t.grad.numpy())


@every_dtype
@pytest.mark.parametrize("name", ["BatchNorm1d", "BatchNorm2d"])
def test_batch_norm_in_use(name: str, dtype: str) -> None:
    def call(layer: Any, *xs: Any) -> Any:
        for _ in range(3):
            layer(*xs)
        return layer.eval()(*xs)

    compare(name, (4,), {}, ROW if name == "BatchNorm1d" else IMAGE, dtype, call)


@every_dtype
@pytest.mark.parametrize("name", ["RNN", "LSTM", "GRU"])
def test_first_states(name: str, dtype: str) -> None:
    def call(layer: Any, x: Any, *states: Any) -> Any:
        return layer(x, states if name == "LSTM" else states[0])

    states = [(4, 2, 4)] * (2 if name == "LSTM" else 1)
    compare(name, (3, 4, 2), {"bidirectional": True}, [(5, 2, 3), *states], dtype, call)


MASK = np.triu(np.ones((5, 5), bool), 1)
PADDING = np.array([[False, False, True, False, True], [False] * 5])


@every_dtype
@pytest.mark.parametrize("given", [
    {}, {"attn_mask": MASK}, {"key_padding_mask": PADDING}, {"attn_mask": MASK, "key_padding_mask": PADDING},
    {"average_attn_weights": False}, {"need_weights": False}, {"attn_mask": np.repeat(MASK[None], 4, 0)},
    {"attn_mask": np.linspace(-1, 1, 25).reshape(5, 5)},
], ids=str)  # fmt: skip
@pytest.mark.parametrize("options", [{}, {"bias": False}], ids=str)
def test_attention_to_itself(given: Any, options: Any, dtype: str) -> None:
    given = {key: x.astype(dtype) if getattr(x, "dtype", None) == np.float64 else x for key, x in given.items()}
    masks = {key: torch.tensor(x) if isinstance(x, np.ndarray) else x for key, x in given.items()}
    kwargs = {"batch_first": True, **options}
    compare(
        "MultiheadAttention", (8, 2), kwargs, [(2, 5, 8)], dtype,
        lambda layer, x: layer(x, x, x, **masks), lambda layer, x: layer(x, x, x, **given),
    )  # fmt: skip


@every_dtype
@pytest.mark.parametrize("shapes", [[(3, 2, 8), (5, 2, 8), (5, 2, 8)], [(3, 8), (5, 8), (5, 8)]], ids=str)
def test_attention_to_others(shapes: Any, dtype: str) -> None:
    compare("MultiheadAttention", (8, 4), {}, shapes, dtype)


@every_dtype
@pytest.mark.parametrize("padding_idx", [None, 1, -1])
def test_embedding(padding_idx: int | None, dtype: str) -> None:
    ids = np.array([[1, 4, 1], [0, 2, 4]])
    compare(
        "Embedding", (5, 3, padding_idx), {}, [], dtype,
        lambda layer: layer(torch.tensor(ids)), lambda layer: layer(ids),
    )  # fmt: skip


@pytest.mark.parametrize("is_causal", [False, True])
def test_scaled_dot_product_attention(is_causal: bool) -> None:
    rng = np.random.default_rng(0)
    q, k, v = (rng.normal(size=(2, 3, 5, 4)) for _ in range(3))
    ours = nn.functional.scaled_dot_product_attention(q, k, v, is_causal=is_causal)
    theirs = torch.nn.functional.scaled_dot_product_attention(*map(torch.tensor, (q, k, v)), is_causal=is_causal)
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-10)


DRAWN = [
    ("Conv2d", (16, 32, 5)), ("ConvTranspose2d", (16, 32, 5)), ("LSTM", (32, 64)), ("Bilinear", (16, 20, 30)),
    ("Embedding", (100, 50)), ("MultiheadAttention", (64, 4)), ("Conv1d", (16, 32, 9)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args"), DRAWN)
def test_initial_weights_have_the_same_distribution(name: str, args: Any) -> None:
    nn.manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = getattr(nn, name)(*args), getattr(torch.nn, name)(*args)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert p.data.std() == pytest.approx(q.std().item(), rel=0.25, abs=1e-12)
        assert np.abs(p.data).max() == pytest.approx(q.abs().max().item(), rel=0.25, abs=1e-12)
