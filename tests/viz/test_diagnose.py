"""What is planted is found, and what is healthy is not accused."""

from __future__ import annotations

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor, Value, checking, errors

ACTIVATIONS = {"relu": nn.ReLU, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "gelu": nn.GELU, "leaky_relu": nn.LeakyReLU}
X, y = nn.datasets.load_digits()
X = ((X - X.mean(0)) / (X.std(0) + 1e-3)).astype(np.float32)


def network(activation="relu", depth=4, width=32, seed=0, weights="kaiming"):
    """A network for digits, with weights by the book."""
    nn.manual_seed(seed)
    modules = []
    for i in range(depth):
        modules += [nn.Linear(64 if i == 0 else width, width), ACTIVATIONS[activation]()]
    model = nn.Sequential(*modules, nn.Linear(width, 10))
    for layer in model:
        if isinstance(layer, nn.Linear):
            if weights == "kaiming":
                nn.init.kaiming_normal_(layer.weight, nonlinearity=activation.replace("gelu", "relu"))
            else:
                nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    return model


def loss_of(model, examples=64):
    """The loss after a backward pass."""
    loss = nn.cross_entropy(model(X[:examples]), y[:examples])
    loss.backward()
    return loss


def found(diagnosis):
    """The kinds and places of what is wrong."""
    return [(f.kind, f.where) for f in diagnosis.findings]


HEALTHY = [
    (activation, depth, weights)
    for activation in ACTIVATIONS
    for depth in (1, 3, 8, 16)
    for weights in ("kaiming", "xavier")
    if not (activation == "sigmoid" and depth > 3)  # whose gradient does vanish
    and not (weights == "xavier" and activation not in ("tanh", "sigmoid") and depth > 8)  # likewise
]


@pytest.mark.parametrize(("activation", "depth", "weights"), HEALTHY)
def test_healthy_networks_are_not_accused(activation, depth, weights):
    for seed in range(3):
        model = network(activation, depth, seed=seed, weights=weights)
        for examples in (1, 16, 100):
            assert found(viz.diagnose(loss_of(model, examples))) == []
            model.zero_grad()


@pytest.mark.parametrize("activation", ["relu", "tanh", "gelu"])
def test_trained_networks_are_not_accused(activation):
    model = network(activation, 2)
    optimizer = nn.Adam(model.parameters(), lr=0.003)
    for epochs in (1, 5, 15):
        nn.fit(model, (X, y), nn.CrossEntropyLoss(), optimizer, epochs=epochs, seed=0, progress=False)
        optimizer.zero_grad()
        loss = loss_of(model, 500)
        assert found(viz.diagnose(loss)) == []
        assert found(viz.diagnose(model)) == []
    assert loss.item() < 0.1


@pytest.mark.parametrize("units", [2, 16, 32])
def test_dead_units_are_found(units):
    model = network()
    model[2].bias.data = np.where(np.arange(32) < units, -10.0, 0.0).astype(np.float32)
    diagnosis = viz.diagnose(loss_of(model))
    assert ("dead", "3 (relu)") in found(diagnosis)
    assert f"{units} of 32 units are 0 for all 64 examples" in str(diagnosis)
    if units == 32:
        assert ("closed", "0 (linear)") in found(diagnosis)


def test_dead_channels_of_convolutions_are_found():
    nn.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(288, 10))
    images = X[:32].reshape(-1, 1, 8, 8)
    nn.init.kaiming_normal_(model[0].weight)
    assert viz.diagnose(model, images)
    model[0].bias.data = np.array([-50, -50, -50, 0, 0, 0, 0, 0], np.float32)
    diagnosis = viz.diagnose(model, images)
    assert found(diagnosis) == [("dead", "1 (relu)")]
    assert "3 of 8 units" in str(diagnosis)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_saturated_layers_are_found(activation):
    model = network(activation, 3)
    model[2].weight.data = model[2].weight.data * 100
    diagnosis = viz.diagnose(loss_of(model))
    assert ("saturated", f"3 ({activation})") in found(diagnosis)
    assert "the slope is below 5% of its steepest" in str(diagnosis)


def test_a_sure_classifier_may_be_saturated():
    nn.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 1), nn.Sigmoid())
    model[0].weight.data = model[0].weight.data * 1000
    diagnosis = viz.diagnose(model, X[:50])
    assert found(diagnosis) == []
    assert "100% saturated" in str(diagnosis)


@pytest.mark.parametrize(("activation", "depth", "scale"), [("sigmoid", 10, 1.0), ("tanh", 8, 0.1), ("relu", 12, 0.3)])
def test_vanishing_gradients_are_found(activation, depth, scale):
    model = network(activation, depth)
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight.data = layer.weight.data * scale
    diagnosis = viz.diagnose(loss_of(model))
    assert found(diagnosis) == [("vanishing", "0 (linear)")]
    assert "nn.init.kaiming_normal_ for ReLU" in str(diagnosis)
    if activation == "sigmoid":  # elsewhere what comes in vanishes with what comes back, and their product is the same
        assert [f.kind for f in viz.diagnose(model).findings] == ["vanishing"]


@pytest.mark.parametrize(("depth", "scale"), [(6, 10.0), (12, 4.0)])
def test_exploding_gradients_are_found(depth, scale):
    model = network("relu", depth)
    for layer in model:
        if isinstance(layer, nn.Linear):
            layer.weight.data = layer.weight.data * scale
    diagnosis = viz.diagnose(loss_of(model))
    assert {kind for kind, _ in found(diagnosis)} == {"exploding"}
    assert ("exploding", "0 (linear)") in found(diagnosis)
    assert "clip_grad_norm=1.0" in str(diagnosis)


def test_an_exploding_recurrence_is_found_by_its_weights():
    nn.manual_seed(0)
    rnn = nn.RNN(4, 8, nonlinearity="relu")
    rnn.weight_hh_l0.data = (3 * np.eye(8)).astype(np.float32)
    rnn.bias_hh_l0.data = np.ones(8, np.float32)
    output, _ = rnn(np.ones((10, 2, 4), np.float32))
    np.sum(output).backward()
    assert {kind for kind, _ in found(viz.diagnose(rnn))} == {"exploding"}


def test_the_first_nan_is_named_with_its_operation_and_its_line():
    x = Tensor([1.0, -1.0], name="x")
    with checking(), np.errstate(all="ignore"):
        loss = np.sum(np.log(x * 2))
    loss.backward()
    diagnosis = viz.diagnose(loss)
    first, *_ = diagnosis.findings
    assert (first.kind, first.key) == ("not finite", "v2")
    assert "made by log, where v1 is [2, -2]" in first.what
    assert "test_diagnose.py:" in first.what
    assert "loss = np.sum(np.log(x * 2))" in first.what
    assert "np.log(np.where(x > 0, x, 1))" in first.cure
    given = viz.diagnose(np.sum(Tensor([np.nan, 1.0], name="data") * 1))
    assert "which was given" in given.findings[0].what


def test_the_first_infinity_on_the_way_back():
    x = Tensor([4.0, 0.0], name="x")
    loss = np.sum(np.sqrt(x))
    with np.errstate(all="ignore"):
        loss.backward()
    diagnosis = viz.diagnose(loss)
    (finding,) = diagnosis.findings
    assert finding.what == "the first on the way back: the gradient of x through sqrt, where x is [4, 0]"
    assert finding.cure.startswith("keep its inputs above 0")


def test_parameters_that_are_ill_are_found():
    model = network()
    assert "there are no gradients" in str(viz.diagnose(model))
    loss_of(model)
    model[0].weight.data = np.full((32, 64), np.nan, np.float32)
    model[2].bias.grad = None
    assert found(viz.diagnose(model)) == [("not finite", "0.weight"), ("closed", "2.bias")]


def test_networks_without_modules():
    rng = np.random.default_rng(0)
    w1, w2 = Tensor(rng.normal(size=(64, 8)), name="w1"), Tensor(rng.normal(size=(8, 3)), name="w2")
    h = np.maximum(X[:32] @ w1 - 1000, 0)
    h.name = "h"
    out = h @ w2
    np.mean(out**2).backward()
    diagnosis = viz.diagnose(np.mean(out**2), names={"out": out})
    assert ("dead", "h (maximum)") in found(diagnosis)
    assert diagnosis.rows[-1][0] == "out (matmul)"


def test_without_a_backward_pass_and_without_layers():
    a = Value(2.0, label="a")
    diagnosis = viz.diagnose(a * 3)
    assert diagnosis
    assert str(diagnosis) == (
        "nothing is wrong with it\n\n(no backward pass has been here: gradients are not looked at)\n"
        "(no layer was found: an operation of a matrix of parameters, as in x @ w)"
    )


def ill():
    model = network()
    model[2].bias.data = np.full(32, -10.0, np.float32)
    return viz.diagnose(loss_of(model))


def test_it_is_text_markdown_html_and_a_picture(tmp_path):
    diagnosis = ill()
    bundle = diagnosis._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/markdown", "text/plain"}
    for suffix, written in ((".txt", str(diagnosis) + "\n"), (".md", diagnosis.to_markdown())):
        assert diagnosis.save(tmp_path / f"d{suffix}").read_text(encoding="utf-8") == written
    assert diagnosis.to_html() in diagnosis.save(tmp_path / "d.html").read_text(encoding="utf-8")
    marks = {box.name: box.mark.words for box in diagnosis.draw().picture.boxes if box.mark}
    assert "32 of 32 units dead" in marks.values()
    assert "gradient 0" in marks.values()
    assert viz.diagnose(network(), X[:9]).draw().picture.scale.title == "data"


def test_names_are_only_names():
    x = Tensor([np.nan], name="<script>alert(1)</script>|\n*")
    diagnosis = viz.diagnose(x * 2)
    assert "<script" not in diagnosis.to_html() + diagnosis.to_markdown()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: viz.diagnose(3.0), "a Value or a Tensor, or a list of them"),
        (lambda: viz.diagnose(Value(3.0), 1), "a model to call with the inputs"),
        (lambda: viz.diagnose(network()).draw(), "the graph of a result"),
        (lambda: viz.diagnose(Value(1.0) * 2).save("x.pdf"), "ends in .txt, .md or .html"),
        (lambda: viz.draw_graph(Value(1.0) * 2, overlay={"out": "a", "v1": 3}), "each with words"),
    ],
)
def test_what_cannot_be_looked_at_says_why(call, words):
    with pytest.raises(errors.ArgumentError, match="cure: ") as caught:
        call()
    assert words in str(caught.value)
