"""The layers without another library: gradients against differences, and errors that name the layer."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, check_grads, errors, no_grad, vmap

nn.manual_seed(2)  # weights that keep every relu away from its kink, where differences are of no use
LAYERS = [
    (nn.Conv1d(2, 4, 3, padding="same", groups=2), (2, 2, 5)),
    (nn.Conv2d(2, 3, 3, stride=2, padding=1), (2, 2, 5, 4)),
    (nn.ConvTranspose2d(2, 3, 3, stride=2, output_padding=1), (1, 2, 3, 2)),
    (nn.MaxPool1d(2), (2, 2, 4)),
    (nn.MaxPool2d(3, 2, 1), (1, 2, 4, 5)),
    (nn.AvgPool1d(2), (2, 2, 5)),
    (nn.AvgPool2d(2, ceil_mode=True), (1, 2, 3, 5)),
    (nn.AdaptiveAvgPool2d(2), (1, 2, 3, 5)),
    (nn.BatchNorm1d(3), (4, 3)),
    (nn.BatchNorm2d(2), (2, 2, 3, 3)),
    (nn.LayerNorm(4), (3, 4)),
    (nn.GroupNorm(2, 4), (2, 4, 3)),
    (nn.RMSNorm(4), (3, 4)),
    (nn.MultiheadAttention(4, 2, batch_first=True), (2, 3, 4)),
    (nn.TransformerEncoderLayer(4, 2, 6, dropout=0.0, norm_first=True), (3, 2, 4)),
    (nn.RNN(2, 3, 2), (4, 2, 2)),
    (nn.LSTM(2, 3, bidirectional=True), (3, 2, 2)),
    (nn.GRU(2, 3, batch_first=True), (2, 3, 2)),
    (nn.GELU(), (5,)),
    (nn.Residual(nn.Tanh()), (3,)),
]


def call(layer: nn.Module, x: Any) -> Any:
    if isinstance(layer, nn.MultiheadAttention):
        return layer(x, x, x)[0]
    y = layer(x)
    return y[0] if isinstance(y, tuple) else y


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=lambda x: type(x).__name__ if isinstance(x, nn.Module) else "")
def test_gradients_against_differences(layer: nn.Module, shape: tuple[int, ...]) -> None:
    layer = copy.deepcopy(layer).double()
    check_grads(lambda x: call(layer, x), np.random.default_rng(0).normal(size=shape))


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=lambda x: type(x).__name__ if isinstance(x, nn.Module) else "")
def test_single_precision_stays_single(layer: nn.Module, shape: tuple[int, ...]) -> None:
    y = call(layer, Tensor(np.random.default_rng(0).normal(size=shape), dtype=np.float32))
    y.sum().backward()
    assert {x.dtype for x in (y, *(p.grad for p in layer.parameters() if p.grad is not None))} == {np.dtype("float32")}


WRONG: list[tuple[nn.Module, tuple[int, ...], str]] = [
    (nn.Conv1d(2, 4, 3), (5, 3, 9), r"shape \(N, 2, L\)"),
    (nn.Conv2d(3, 4, 3), (5, 9, 9, 3), r"shape \(N, 3, H, W\)(.|\n)*moveaxis"),
    (nn.Conv2d(1, 4, 3), (5, 9, 9), r"shape \(N, 1, H, W\)(.|\n)*x\[:, None\]"),
    (nn.Conv2d(1, 4, 5), (2, 1, 3, 3), "at least as large as the kernel"),
    (nn.ConvTranspose2d(3, 4, 3), (5, 2, 9, 9), r"shape \(N, 3, H, W\)"),
    (nn.MaxPool2d(2), (5, 5), r"shape \(N, C, H, W\)"),
    (nn.MaxPool1d(4), (1, 1, 3), "at least as large as the kernel"),
    (nn.BatchNorm1d(3), (4, 2), r"shape \(N, 3\) or \(N, 3, ...\)"),
    (nn.BatchNorm1d(3), (1, 3), "more than one number for each channel"),
    (nn.BatchNorm2d(3), (4, 3), r"shape \(N, 3, ...\), 4 axes"),
    (nn.LayerNorm(4), (3, 5), r"shape \(..., 4\)"),
    (nn.RMSNorm((2, 3)), (3, 5), r"shape \(..., 2, 3\)"),
    (nn.GroupNorm(2, 4), (3, 6), r"shape \(N, 4, ...\)"),
    (nn.LSTM(3, 4), (5, 2, 2), r"shape \(T, N, 3\)"),
    (nn.GRU(3, 4, batch_first=True), (5,), r"shape \(N, T, 3\)"),
    (nn.TransformerEncoderLayer(4, 2, 6), (5, 2, 3), r"shape \(L, N, 4\)"),
    (nn.PReLU(3), (5, 2), r"shape \(N, 3, ...\)"),
    (nn.GLU(), (5, 3), "an even length"),
    (nn.Linear(4, 2), (5, 3), r"shape \(..., 4\)"),
    (nn.AvgPool1d(2), (5,), r"shape \(N, C, L\)"),
    (nn.AvgPool2d(4), (1, 1, 3, 3), "at least as large as the kernel"),
    (nn.AdaptiveAvgPool2d(2), (5, 5), r"shape \(N, C, H, W\)"),
    (nn.RNN(3, 4), (5, 2, 2), r"shape \(T, N, 3\)"),
]

NO_AXIS: list[tuple[nn.Module, tuple[int, ...]]] = [
    (nn.Flatten(2), (5, 3)), (nn.Softmax(2), (5, 3)), (nn.LogSoftmax(-3), (5, 3)), (nn.Softmin(1), (5,)),
    (nn.GLU(1), (4,)),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "shape"), NO_AXIS, ids=lambda x: str(x)[:20])
def test_an_axis_that_is_not_there_names_the_layer(layer: nn.Module, shape: tuple[int, ...]) -> None:
    with pytest.raises(errors.PlaceError) as raised:
        nn.Sequential(nn.Identity(), nn.Sequential(layer))(np.ones(shape))
    assert f"of shape {shape}" in str(raised.value)
    assert f"an axis from {-len(shape)} to {len(shape) - 1}" in str(raised.value)
    assert "is out of bounds" in str(raised.value)
    assert "\n  layer:    1.0" in str(raised.value)


ANY_SHAPE = {
    "ELU", "GELU", "SELU", "Dropout", "Hardsigmoid", "Hardswish", "Hardtanh", "Identity", "LeakyReLU", "LogSigmoid",
    "Mish", "ReLU", "ReLU6", "SiLU", "Sigmoid", "Softplus", "Softsign", "Tanh", "Tanhshrink", "Threshold", "Embedding",
}  # fmt: skip
MADE_OF_OTHERS = {"MLP", "Module", "ModuleDict", "ModuleList", "Residual", "Sequential"}
TWO_INPUTS = {"Bilinear", "MultiheadAttention"}
"""Tested apart, below."""


def test_every_layer_is_given_wrong_shapes() -> None:
    kinds = {name for name in nn.__all__ if isinstance(x := getattr(nn, name), type) and issubclass(x, nn.Module)}
    tested = {type(layer).__name__ for layer, *_ in [*WRONG, *NO_AXIS]}
    layers = {name for name in kinds if not name.endswith("Loss")}
    layers -= {"ParameterList", "ParameterDict"}  # called by nobody
    assert layers - tested - ANY_SHAPE - MADE_OF_OTHERS == TWO_INPUTS


class Twice(nn.Module):
    """A layer of several inputs, given the same one."""

    def __init__(self, layer: nn.Module, inputs: int) -> None:
        self.inner, self.inputs = layer, inputs

    def forward(self, x: Any) -> Any:
        return self.inner(*[x] * self.inputs)


@pytest.mark.parametrize(("layer", "inputs", "expected"), [
    (nn.Bilinear(2, 3, 4), 2, r"shapes \(..., 2\) and \(..., 3\)"),
    (nn.MultiheadAttention(4, 2), 3, r"shape \(L, N, 4\)"),
    (nn.Bilinear(2, 3, 4, bias=False), 2, r"nn.Bilinear\(x1.shape"),
])  # fmt: skip
def test_several_inputs_of_wrong_shapes_name_the_layer(layer: nn.Module, inputs: int, expected: str) -> None:
    with pytest.raises(errors.ShapeError, match=expected) as raised:
        nn.Sequential(Twice(layer, inputs))(np.ones((5, 7), np.float32))
    assert "(5, 7)" in str(raised.value)
    assert "\n  layer:    0.inner" in str(raised.value)


@pytest.mark.parametrize("layer", [nn.Linear(4, 2), nn.Conv1d(2, 3, 3), nn.LSTM(3, 4), nn.LayerNorm(4)], ids=str)
def test_words_are_refused(layer: nn.Module) -> None:
    for words in ("a", np.array(["a"]), [["a"]]):
        with pytest.raises(errors.ChainruleError) as raised:
            nn.Sequential(layer)(words)
        assert "\n  layer:    0" in str(raised.value)


@pytest.mark.parametrize(("make", "expected"), [
    (lambda: nn.ReLU(slope=1), r"no arguments(.|\n)*slope, which ReLU does not have here(.|\n)*without slope"),
    (lambda: nn.Linear(2, 3, device="cuda"), r"in_features, out_features, bias, dtype, rng(.|\n)*device"),  # type: ignore[call-arg]
    (lambda: nn.LSTM(2, 3, proj_size=1), "bidirectional(.|\n)*proj_size"),  # type: ignore[call-arg]
])  # fmt: skip
def test_keywords_that_are_not_there(make: Any, expected: str) -> None:
    with pytest.raises(errors.ArgumentError, match=expected):
        make()


def test_keywords_of_other_peoples_modules_are_theirs() -> None:
    class Mine(nn.Module):
        def __init__(self, **options: int) -> None:
            self.options = options

    assert Mine(a=1).options == {"a": 1}


@pytest.mark.parametrize(("layer", "shape", "expected"), WRONG, ids=lambda x: str(x)[:20])
def test_wrong_shapes_name_the_layer(layer: nn.Module, shape: tuple[int, ...], expected: str) -> None:
    net = nn.Sequential(nn.Identity(), nn.Sequential(layer))
    with pytest.raises(errors.ShapeError, match=expected) as raised:
        net(np.ones(shape, np.float32))
    text = str(raised.value)
    assert f"shape {shape}" in text or f"lengths {shape[2:]}" in text or "an even length" in text
    assert "\n  layer:    1.0" in text


BAD: list[tuple[Any, str]] = [
    (lambda: nn.Conv2d(3, 4, 3, groups=2), "groups that divide"),
    (lambda: nn.Conv2d(3, 4, 0), "a whole number from 1"),
    (lambda: nn.Conv2d(3, 4, (3, 3, 3)), "2 of them"),
    (lambda: nn.Conv2d(3, 4, 3, 2, "same"), "a stride of 1"),
    (lambda: nn.Conv2d(3, 4, 3, padding="full"), "'same' or 'valid'"),
    (lambda: nn.Conv2d(3, 4, 3, padding_mode="reflect"), "'zeros'"),
    (lambda: nn.ConvTranspose2d(1, 1, 2, output_padding=1)(np.ones((1, 1, 2, 2))), "less than the stride"),
    (lambda: nn.MaxPool1d(2, padding=2)(np.ones((1, 1, 5))), "at most half"),
    (lambda: nn.Dropout(1.5), "from 0 to 1"),
    (lambda: nn.Embedding(3, 2, padding_idx=3), "from 0 to 2"),
    (lambda: nn.Embedding(3, 2)([0, 3]), "from 0 to 2(.|\n)*ids from 0 to 3"),
    (lambda: nn.Embedding(3, 2)([0.5]), "whole numbers"),
    (lambda: nn.RNN(3, 4, nonlinearity="sin"), "'tanh' or 'relu'"),
    (lambda: nn.LSTM(3, 0), "a whole number from 1"),
    (lambda: nn.LSTM(3, 4, dropout=2.0), "a probability from 0 to 1"),
    (lambda: nn.LeakyReLU("a"), "a number as negative_slope"),
    (lambda: nn.PReLU("a"), "a whole number from 1 as num_parameters"),
    (lambda: nn.BatchNorm1d("a"), "a whole number from 1 as num_features"),
    (lambda: nn.BatchNorm2d(2, momentum="a"), "a number as momentum"),
    (lambda: nn.LayerNorm((2, "a")), "a whole number from 1 as normalized_shape"),
    (lambda: nn.RMSNorm(2, eps="a"), "a number as eps"),
    (lambda: nn.GroupNorm(0, 4), "a whole number from 1 as num_groups"),
    (lambda: nn.Embedding("a", 2), "a whole number from 1 as num_embeddings"),
    (lambda: nn.MultiheadAttention("a", 2), "a whole number from 1 as embed_dim"),
    (lambda: nn.Bilinear(2, None, 2), "a whole number from 1 as in2_features"),
    (lambda: nn.Linear(2, 3, rng=0), r"a generator of NumPy(.|\n)*default_rng"),
    (lambda: nn.HuberLoss(delta="a")([1.0], [1.0]), "a number above 0"),
    (lambda: nn.Linear(2, 3).to("float33"), "a floating dtype"),
    (lambda: nn.MultiheadAttention(5, 2), "num_heads that divides"),
    (lambda: nn.TransformerEncoderLayer(4, 2, activation="sin"), "'relu', 'gelu' or a function"),
    (lambda: nn.GroupNorm(2, 3), "divides num_channels"),
    (lambda: nn.GELU("sin")(np.ones(1)), "'none' or 'tanh'"),
    (lambda: nn.ModuleList([np.tanh]), "a module"),
    (lambda: nn.ModuleDict({"keys": nn.Tanh()}), "no method's"),
    (lambda: nn.Module().register_buffer("a.b", np.zeros(1)), "a new name without dots"),
    (lambda: nn.Module().register_buffer("training", np.zeros(1)), "a new name"),
    (lambda: nn.Module().register_parameter("w", np.zeros(1)), "a Parameter or None"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("make", "expected"), BAD, ids=[expected for _, expected in BAD])
def test_bad_arguments(make: Any, expected: str) -> None:
    with pytest.raises(errors.ArgumentError, match=expected):
        make()


def test_other_wrong_shapes() -> None:
    x = np.ones((2, 3, 4), np.float32)
    with pytest.raises(errors.ShapeError, match=r"a first state of shape \(1, 3, 5\)(.|\n)*\(1, 3, 6\)"):
        nn.GRU(4, 6)(x, np.zeros((1, 3, 5)))
    attention = nn.MultiheadAttention(4, 2)
    with pytest.raises(errors.ShapeError, match=r"attn_mask of shape \(3, 3\)(.|\n)*\(2, 2\)"):
        attention(x, x, x, attn_mask=np.ones((3, 3), bool))
    with pytest.raises(errors.ShapeError, match=r"key_padding_mask of shape \(2, 2\)(.|\n)*\(3, 2\)"):
        attention(x, x, x, key_padding_mask=np.ones((2, 2), bool))
    with pytest.raises(errors.ShapeError, match=r"\(\.\.\., 2\) and \(\.\.\., 3\)"):
        nn.Bilinear(2, 3, 4)(np.ones((5, 2)), np.ones((4, 3)))
    with pytest.raises(errors.DtypeError):
        nn.Linear(1, 1).to(int)


def test_dropout() -> None:
    layer, x = nn.Dropout(0.25), Tensor(np.ones(10_000, np.float32))
    nn.manual_seed(0)
    y = layer(x)
    assert set(np.unique(y.data)) == {np.float32(0), np.float32(1 / 0.75)}
    assert abs(float(y.data.mean()) - 1) < 0.03
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, y.data)
    assert layer.eval()(x) is x
    assert not nn.functional.dropout(np.ones(3), 1.0).any()


def test_buffers_are_saved_and_copied() -> None:
    net = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1))
    net(np.random.default_rng(0).normal(size=(4, 2)))
    assert [path for path, _ in net.named_buffers()] == ["0.running_mean", "0.running_var", "0.num_batches_tracked"]
    assert "0.running_mean" not in dict(net.named_parameters())
    other = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 1))
    other.load_state_dict(net.state_dict())
    for same in (other, copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        for (path, a), b in zip(same.state_dict().items(), net.state_dict().values(), strict=True):
            np.testing.assert_array_equal(a, b, err_msg=path)
    state = net.state_dict()
    del state["0.running_var"]
    with pytest.raises(errors.ArgumentError, match=r"missing 0\.running_var"):
        other.load_state_dict(state)
    state["0.running_var"] = np.ones(3)
    with pytest.raises(errors.ShapeError, match=r"load_state_dict: 0\.running_var"):
        other.load_state_dict(state)


def test_buffers_that_are_not_saved() -> None:
    module = nn.Module()
    module.register_buffer("scratch", np.zeros(2), persistent=False)
    module.register_parameter("w", nn.Parameter([1.0]))
    module.register_buffer("nothing", None)
    assert list(module.state_dict()) == ["w"]
    assert [path for path, _ in module.named_buffers()] == ["scratch"]
    assert module.double().scratch.dtype == np.float64


def test_converting_makes_an_older_graph_stale() -> None:
    layer = nn.Linear(2, 1)
    loss = layer(np.ones((1, 2))).sum()
    layer.double()
    with pytest.raises(errors.StaleGraphError):
        loss.backward()


def test_hooks_see_and_replace() -> None:
    layer, seen = nn.Tanh(), []
    before = layer.register_forward_pre_hook(lambda module, args: (args[0] * 0,))
    after = layer.register_forward_hook(lambda module, args, output: seen.append((args, output)))
    replace = layer.register_forward_hook(lambda module, args, output: output + 1)
    assert layer(np.ones(1)).tolist() == [1.0]
    assert [[x.tolist() for x in (args[0], output)] for args, output in seen] == [[[0.0], [0.0]]]
    for handle in (before, after, replace, replace):
        handle.remove()
    np.testing.assert_array_equal(layer(np.ones(1)), np.tanh(np.ones(1)))
    assert len(seen) == 1


def test_summary() -> None:
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten())
    net[0].requires_grad_(False)
    lines = net.summary(np.zeros((1, 1, 5, 5))).splitlines()
    assert lines[2].split() == ["0", "Conv2d", "20", "(1,", "2,", "3,", "3)"]
    assert lines[-1] == "24 parameters, 4 to train"
    assert net.training
    assert net[1].num_batches_tracked.item() == 0
    assert "output" not in net.summary()


def test_lists_and_dicts_of_modules() -> None:
    layers = nn.ModuleList([nn.Tanh()]).append(nn.Linear(1, 1)).extend([nn.ReLU()])
    layers[0] = nn.Sigmoid()
    assert [type(part).__name__ for part in layers] == ["Sigmoid", "Linear", "ReLU"]
    assert list(layers.state_dict()) == ["1.weight", "1.bias"]
    named = nn.ModuleDict({"a": nn.Tanh()})
    named["a"] = nn.ReLU()
    assert (list(named), [type(x) for x in named.values()], len(named), dict(named.items())["a"] is named["a"]) == (
        ["a"], [nn.ReLU], 1, True,
    )  # fmt: skip


def test_a_slice_is_of_the_same_kind() -> None:
    net = nn.Sequential(nn.Tanh(), nn.Linear(1, 1), nn.ReLU())
    assert [type(part) for part in net[1:]] == [nn.Linear, nn.ReLU]
    assert (type(net[1:]), net[1:][0] is net[1], net[-1] is net[2]) == (nn.Sequential, True, True)
    layers = nn.ModuleList(net)
    assert (type(layers[:2]), len(layers[:2]), layers[::-1][0] is net[2]) == (nn.ModuleList, 2, True)


@pytest.mark.parametrize(("look", "expected"), [
    (lambda: nn.Sequential(nn.Tanh())[1], r"net\[1\] of a Sequential of 1"),
    (lambda: nn.ModuleList([nn.Tanh()])[-2], r"net\[-2\] of a ModuleList of 1"),
    (lambda: nn.ModuleList([nn.Tanh()]).__setitem__(1, nn.ReLU()), r"net\[1\] of a ModuleList of 1"),
    (lambda: nn.Sequential(nn.Tanh())["0"], "a position in it"),
    (lambda: nn.ModuleDict({"a": nn.Tanh()})["b"], "one of 'a'"),
    (lambda: nn.ModuleDict()["b"], "it is empty"),
])  # fmt: skip
def test_no_such_module(look: Any, expected: str) -> None:
    with pytest.raises(errors.PlaceError, match=expected):
        look()


def test_padding_rows_get_no_gradient() -> None:
    layer = nn.Embedding(3, 2, padding_idx=0)
    assert not layer.weight.data[0].any()
    layer([[0, 1], [1, 2]]).sum().backward()
    np.testing.assert_array_equal(layer.weight.grad, [[0, 0], [2, 2], [1, 1]])


def test_vmap_over_images_and_sequences() -> None:
    x = np.random.default_rng(0).normal(size=(3, 2, 5, 5))
    for layer in (nn.Conv2d(2, 3, 3).double(), nn.MaxPool2d(2)):
        with no_grad():
            expected = np.stack([np.asarray(call(layer, Tensor(image)).data) for image in x])
            np.testing.assert_allclose(vmap(layer)(x), expected, rtol=1e-12)
