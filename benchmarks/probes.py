"""Fourteen places where gradients go wrong without a word, tried on chainrule and on its peers.

``python -m benchmarks.probes --hips PYTHON`` prints a table. At each place the function is finite; its derivative is
what ``right`` says, or, where there is none, any finite number will do.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np


class Probe(NamedTuple):
    """A function, a place, and the derivative there (``None`` if there is none)."""

    name: str
    f: Callable[[Any, Any], Any]
    at: list[float]
    right: list[float] | None


PROBES = [
    Probe("`where(x > 0, sqrt(x), x)` at -1", lambda m, x: m.where(x > 0, m.sqrt(x), x).sum(), [-1.0], [1.0]),
    Probe("`where(x > 0, sqrt(x), x)` at 0", lambda m, x: m.where(x > 0, m.sqrt(x), x).sum(), [0.0], None),
    Probe("`where(x > 0, log(x), x)` at 0", lambda m, x: m.where(x > 0, m.log(x), x).sum(), [0.0], None),
    Probe("`norm(x)` at 0", lambda m, x: m.linalg.norm(x), [0.0, 0.0], None),
    Probe("`norm(x)**2` at 0", lambda m, x: m.linalg.norm(x) ** 2, [0.0, 0.0], [0.0, 0.0]),
    Probe("`std(x)` of a constant", lambda m, x: m.std(x), [2.0, 2.0], None),
    Probe("`std(x)**2` of a constant", lambda m, x: m.std(x) ** 2, [2.0, 2.0], [0.0, 0.0]),
    Probe("`prod(x)` with a 0", lambda m, x: m.prod(x), [2.0, 0.0, 3.0], [0.0, 6.0, 0.0]),
    Probe("`x**0` at 0", lambda m, x: (x**0.0).sum(), [0.0], [0.0]),
    Probe("`hypot(x, y)**2` at 0", lambda m, x: m.hypot(x[0], x[1]) ** 2, [0.0, 0.0], [0.0, 0.0]),
    Probe("`x * arctan2(x, y)` at 0", lambda m, x: x[0] * m.arctan2(x[0], x[1]), [0.0, 0.0], [0.0, 0.0]),
    Probe("`sqrt(x**2)` at 0", lambda m, x: m.sqrt(x**2).sum(), [0.0], None),
    Probe("`logaddexp(x, y)` of -inf", lambda m, x: m.exp(m.logaddexp(x[0], x[1])), [-np.inf, -np.inf], [0.0, 0.0]),
    Probe("`sinc(x)` at 0", lambda m, x: m.sinc(x).sum(), [0.0], [0.0]),
]


def of_chainrule() -> Callable[[Probe], Any]:
    """How chainrule, or HIPS autograd where that is installed, differentiates a probe."""
    autograd, numpy = import_module("autograd"), import_module("autograd.numpy")
    return lambda probe: autograd.grad(lambda x: probe.f(numpy, x))(np.array(probe.at))


def of_jax() -> Callable[[Probe], Any]:
    """How JAX differentiates a probe."""
    jax = import_module("jax")
    jax.config.update("jax_enable_x64", True)
    return lambda probe: jax.grad(lambda x: probe.f(jax.numpy, x))(jax.numpy.array(probe.at))


def of_torch() -> Callable[[Probe], Any]:
    """How PyTorch differentiates a probe."""
    torch = import_module("torch")

    class Named:
        """PyTorch's functions under NumPy's names."""

        std = staticmethod(lambda x: torch.std(x, correction=0))

        def __getattr__(self, name: str) -> Any:
            return getattr(torch, name)

    def gradient(probe: Probe) -> Any:
        x = torch.tensor(probe.at, dtype=torch.float64, requires_grad=True)
        probe.f(Named(), x).backward()
        return x.grad

    return gradient


def of_mygrad() -> Callable[[Probe], Any]:
    """How MyGrad differentiates a probe."""
    mygrad = import_module("mygrad")

    def gradient(probe: Probe) -> Any:
        x = mygrad.tensor(probe.at)
        probe.f(mygrad, x).backward()
        return x.grad

    return gradient


def verdict(gradient: Callable[[Probe], Any], probe: Probe) -> str:
    """``right``, or what came instead."""
    try:
        found = np.asarray(gradient(probe), float)
    except (AttributeError, NotImplementedError, TypeError) as error:
        return f"not there ({type(error).__name__})"
    if np.isfinite(found).all() and (probe.right is None or np.allclose(found, probe.right)):
        return "right"
    return ", ".join(f"{x:g}" for x in found)


def verdicts(gradient: Callable[[Probe], Any]) -> list[str]:
    """The verdict on each probe."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return [verdict(gradient, probe) for probe in PROBES]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.probes", description=__doc__)
    parser.add_argument("--hips", metavar="PYTHON", help="the Python in which HIPS autograd is installed")
    parser.add_argument("--as-json", action="store_true", help="print what the package autograd says, and nothing else")
    asked = parser.parse_args()
    columns = {"chainrule": verdicts(of_chainrule())}
    if asked.as_json:
        print(json.dumps(columns["chainrule"]))
        return
    if asked.hips:
        run = subprocess.run([asked.hips, "-I", __file__, "--as-json"], capture_output=True, text=True, check=True)
        columns["HIPS autograd"] = json.loads(run.stdout)
    for name, of in (("MyGrad", of_mygrad), ("JAX", of_jax), ("PyTorch", of_torch)):
        try:
            columns[name] = verdicts(of())
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
    print("| the gradient of |", " | ".join(columns), "|")
    print("|---|" + "---|" * len(columns))
    for probe, *told in zip(PROBES, *columns.values(), strict=True):
        print(f"| {probe.name} |", " | ".join(told), "|")
    wrong = [str(sum(told != "right" and "not there" not in told for told in column)) for column in columns.values()]
    print("| **wrong** |", " | ".join(wrong), "|")


if __name__ == "__main__":
    main()
