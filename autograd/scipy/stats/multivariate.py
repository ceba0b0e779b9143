"""Distributions of vectors: the normal distribution and Dirichlet's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ... import errors
from ...numpy.dispatch import array, data
from ..rules.entropy import xlogy
from ..rules.gamma import gammaln, psi
from ..rules.matrices import triangular
from .family import Distribution

LOG_2PI = math.log(2 * math.pi)

NEGLIGIBLE = 1e6
"""Of a singular covariance eigenvalues count as 0 that are this often the precision of the largest, as in SciPy."""


class MultivariateNormal(Distribution):
    """The normal distribution of a vector."""

    name = "multivariate_normal"

    def logpdf(self, x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
        """``-(d log(2 pi) + log(det(cov)) + (x - mean) @ inv(cov) @ (x - mean)) / 2``.

        Args:
            x: vectors, of shape (..., d).
            mean: their mean, of shape (d,); zeros if not given.
            cov: their covariance: a symmetric positive definite matrix, a vector (its diagonal), or a number. It
                counts as ``(cov + cov.T) / 2``.
            allow_singular: whether the covariance may be singular: then the density is that on what it spans, and 0
                elsewhere, and the gradient of ``cov`` is that of changes that keep its span.

        Returns:
            The logarithm of the density at each vector; axes of length 1 are dropped, as in SciPy.

        Raises:
            DomainError: ``cov`` is not positive definite.
            ShapeError: the shapes of mean and covariance differ.

        Example:
            >>> round(float(multivariate_normal.logpdf(np.zeros(2), np.zeros(2), np.eye(2))), 6)
            -1.837877
        """
        mean, cov = _moments("logpdf", mean, cov)
        d = np.shape(cov)[0]
        x = array(x)
        if np.ndim(x) < 2:
            x = np.reshape(x, (-1, d))
        away = np.reshape(x - mean, (-1, d))
        if allow_singular:
            basis, outside = _span("logpdf", data(away), data(cov))
            away, cov, d = away @ basis, basis.T @ cov @ basis, basis.shape[1]
        root = _root("logpdf", cov)
        white = triangular(root, np.swapaxes(away, 0, 1), lower=True)
        squares = np.sum(white * white, axis=0)
        if allow_singular:
            squares = np.where(outside, math.inf, squares)
        squares = np.reshape(squares, np.shape(x)[:-1])
        return np.squeeze(-(d * LOG_2PI + squares) / 2 - _half_log_det(root))[()]

    def pdf(self, x: Any, mean: Any = None, cov: Any = 1, allow_singular: bool = False) -> Any:
        """The density; arguments as for :meth:`logpdf`."""
        return np.exp(self.logpdf(x, mean, cov, allow_singular))

    def entropy(self, mean: Any = None, cov: Any = 1) -> Any:
        """The differential entropy, ``(d (1 + log(2 pi)) + log(det(cov))) / 2``."""
        mean, cov = _moments("entropy", mean, cov)
        return np.shape(cov)[0] * (1 + LOG_2PI) / 2 + _half_log_det(_root("entropy", cov))


def _span(method: str, away: Any, cov: Any) -> tuple[Any, Any]:
    """A basis of what a covariance spans, as columns; and which rows of ``away`` lie outside of it."""
    sizes, vectors = np.linalg.eigh((cov + cov.T) / 2)
    least = NEGLIGIBLE * np.finfo(sizes.dtype).eps * np.abs(sizes).max()
    if sizes[0] < -least:
        raise _not_definite(method)
    outside = np.linalg.norm(away @ vectors[:, sizes <= least], axis=1) >= least
    return vectors[:, sizes > least], outside


def _moments(method: str, mean: Any, cov: Any) -> tuple[Any, Any]:
    """The mean as a vector and the covariance as a matrix."""
    cov = array(cov)
    d = (np.shape(cov) or (1,))[0] if mean is None else np.size(data(array(mean)))
    mean = 0 if mean is None else np.reshape(array(mean), (d,))
    if np.ndim(cov) < 2:
        cov = np.ones((d, 1)) * (cov if not np.ndim(cov) else cov[:, None]) * np.eye(d)
    if np.shape(cov) != (d, d):
        raise errors.ShapeError(
            errors.message(
                f"multivariate_normal.{method} with a covariance of shape {np.shape(cov)}",
                f"shape {(d, d)}, as the mean has {d} elements",
                f"{np.shape(cov)}",
                "np.cov(x, rowvar=False), where x has a row for each example",
            )
        )
    return mean, cov


def _root(method: str, cov: Any) -> Any:
    """Cholesky's triangle of the covariance."""
    try:
        return np.linalg.cholesky((cov + np.swapaxes(cov, 0, 1)) / 2)
    except ValueError as error:
        raise _not_definite(method) from error


def _not_definite(method: str) -> errors.ChainruleError:
    """The error for a covariance that cannot be one."""
    return errors.outside_domain(
        f"multivariate_normal.{method}", "a covariance that is not positive definite", "cov + 1e-6 * np.eye(d)"
    )


def _half_log_det(root: Any) -> Any:
    """Half the logarithm of the determinant of ``root @ root.T``."""
    return np.sum(np.log(np.diagonal(root)))


class Dirichlet(Distribution):
    """The distribution of Dirichlet: of probabilities that sum to 1."""

    name = "dirichlet"

    def logpdf(self, x: Any, alpha: Any) -> Any:
        """``sum((alpha - 1) log(x)) - sum(gammaln(alpha)) + gammaln(sum(alpha))``.

        Args:
            x: probabilities along the first axis, of shape (k, ...); if there are only k - 1, the last is what
                is left of 1.
            alpha: numbers above 0, of shape (k,).

        Returns:
            The logarithm of the density, of the shape of the other axes of ``x``.

        Raises:
            DomainError: ``x`` are no probabilities, or ``alpha`` not above 0.

        Example:
            >>> float(dirichlet.logpdf(np.array([0.2, 0.8]), np.array([1.0, 1.0])))
            0.0
        """
        x, alpha = array(x), _positive("logpdf", alpha)
        if np.shape(x)[0] == np.shape(alpha)[0] - 1:
            x = np.concatenate([x, 1 - np.sum(x, axis=0, keepdims=True)])
        if np.any(data(x) < 0) or np.any(np.abs(np.sum(data(x), axis=0) - 1) > 1e-9):
            raise errors.outside_domain(
                "dirichlet.logpdf(x, alpha)", "an x that does not sum to 1, or is negative", "x / x.sum(axis=0)"
            )
        powers = np.reshape(alpha - 1, (-1,) + (1,) * (np.ndim(x) - 1))
        return np.sum(xlogy(powers, x), axis=0) + gammaln(np.sum(alpha)) - np.sum(gammaln(alpha))

    def pdf(self, x: Any, alpha: Any) -> Any:
        """The density; arguments as for :meth:`logpdf`."""
        return np.exp(self.logpdf(x, alpha))

    def entropy(self, alpha: Any) -> Any:
        """The differential entropy."""
        alpha = _positive("entropy", alpha)
        total = np.sum(alpha)
        log_beta = np.sum(gammaln(alpha)) - gammaln(total)
        return log_beta + (total - np.size(data(alpha))) * psi(total) - np.sum((alpha - 1) * psi(alpha))


def _positive(method: str, alpha: Any) -> Any:
    """``alpha``, if it can be one."""
    alpha = array(alpha)
    if np.any(data(alpha) <= 0):
        raise errors.outside_domain(f"dirichlet.{method}", "an alpha of 0 or less", "np.exp(parameters)")
    return alpha


multivariate_normal = MultivariateNormal()
dirichlet = Dirichlet()
