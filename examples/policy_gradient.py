"""A policy that learns to balance a pole on a cart: REINFORCE with a baseline (Williams 1992).

The policy gives the probability of a push to the right. After an episode, the probability of each push goes up or down
with what came of it: the rewards from then on, less what another network, the baseline, expected.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad, sigmoid
from examples.figure import AMBER, BLUE, GREY, Panel, asked, figure, save

LONGEST = 200
"""How many steps an episode has at most; each step is a reward of 1."""


class CartPole:
    """Carts on rails, each with a pole that stands on it, side by side (Barto, Sutton and Anderson 1983).

    A state is ``(x, speed, angle, turning)``. An episode ends when a pole leans by more than 12 degrees, or a
    cart is more than 2.4 m from the middle.

    Args:
        carts: how many.
        rng: what the first states are drawn from.
    """

    def __init__(self, carts: int, rng: np.random.Generator) -> None:
        self.state = rng.uniform(-0.05, 0.05, (carts, 4))
        self.standing = np.ones(carts, bool)

    def step(self, right: Any) -> None:
        """Push each cart for 0.02 s with 10 N, to the right or to the left."""
        cart, pole, half, force = 1.0, 0.1, 0.5, np.where(right, 10.0, -10.0)
        speed, angle, turning = self.state.T[1:]
        sin, cos = np.sin(angle), np.cos(angle)
        pushed = (force + pole * half * turning**2 * sin) / (cart + pole)
        turn = (9.8 * sin - cos * pushed) / (half * (4 / 3 - pole * cos**2 / (cart + pole)))
        go = pushed - pole * half * turn * cos / (cart + pole)
        self.state = self.state + 0.02 * np.stack([speed, go, turning, turn], axis=1)
        self.standing = self.standing & (np.abs(self.state[:, 0]) < 2.4) & (np.abs(self.state[:, 2]) < np.radians(12))


class Episodes(NamedTuple):
    """What happened, step by step and cart by cart.

    Attributes:
        states: before each push, of shape (steps, carts, 4).
        right: the pushes, 1 to the right and 0 to the left, of shape (steps, carts).
        standing: whether the episode was still going on, of shape (steps, carts).
    """

    states: Any
    right: Any
    standing: Any

    @property
    def returns(self) -> Any:
        """The sum of the rewards of each episode: how many steps it had."""
        return self.standing.sum(axis=0)


class Found(NamedTuple):
    """What came out.

    Attributes:
        curve: the returns of the episodes of each round, of shape (rounds, carts).
        before: the episodes of 100 new carts with the untrained policy.
        after: the same carts with the trained one.
        policy: the trained policy.
    """

    curve: Any
    before: Episodes
    after: Episodes
    policy: nn.Module


def play(policy: nn.Module, carts: int, rng: np.random.Generator) -> Episodes:
    """Let the policy push carts until all poles have fallen, or the time is over."""
    world, seen = CartPole(carts, rng), []
    with no_grad():
        while world.standing.any() and len(seen) < LONGEST:
            right = rng.random(carts) < sigmoid(policy(world.state)[:, 0]).data
            seen.append((world.state, right, world.standing))
            world.step(right)
    return Episodes(*map(np.stack, zip(*seen, strict=True)))


def to_go(standing: Any, discount: float = 0.99) -> Any:
    """The discounted rewards from each step on."""
    left = np.zeros(standing.shape)
    for t in reversed(range(len(standing))):
        left[t] = standing[t] * (1 + discount * (left[t + 1] if t + 1 < len(left) else 0))
    return left


def learn(rounds: int = 150, carts: int = 16) -> tuple[nn.Module, Any]:
    """Train a policy and its baseline.

    Args:
        rounds: how many steps the optimiser makes.
        carts: how many episodes a step is made from.

    Returns:
        The policy, and the returns of the episodes of each round.
    """
    rng = np.random.default_rng(0)
    policy, baseline = (nn.MLP(4, 32, 1, activation="tanh", dtype=np.float64, rng=rng) for _ in range(2))
    optimizer = nn.Adam([{"params": [*policy.parameters()]}, {"params": [*baseline.parameters()], "lr": 0.03}], lr=0.01)
    curve = []
    for _ in range(rounds):
        episodes = play(policy, carts, rng)
        there = episodes.standing
        states, right, rewards = episodes.states[there], episodes.right[there], to_go(there)[there] / 100
        expected = baseline(states)[:, 0]
        advantage = rewards - expected.data
        minus_log = nn.functional.binary_cross_entropy_with_logits(
            policy(states)[:, 0], right.astype(float), reduction="none"
        )
        loss = (advantage * minus_log).mean() / advantage.std() + nn.mse_loss(expected, rewards)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        curve.append(episodes.returns)
    return policy, np.array(curve)


def find() -> Found:
    """Train, and let 100 new carts go with the policy as it was, and as it is."""
    policy, curve = learn()
    untrained, _ = learn(rounds=0)
    return Found(curve, *(play(p, 100, np.random.default_rng(1)) for p in (untrained, policy)), policy)


def draw(found: Found) -> str:
    """The returns while it learned, the poles before and after, and what the policy does where."""
    rounds = np.arange(1, len(found.curve) + 1)
    learning = Panel("Return", (0, len(rounds)), (0, 210), xlabel="step of the optimiser")
    band = np.concatenate([found.curve.min(axis=1), found.curve.max(axis=1)[::-1]])
    learning.area(np.concatenate([rounds, rounds[::-1]]), band, BLUE, 0.18)
    learning.line(rounds, found.curve.mean(axis=1), BLUE)
    learning.legend([("mean of 16 episodes,", BLUE), ("from worst to best", BLUE)], "bottom right")
    poles = Panel("Angle of the pole, 12 episodes", (0, LONGEST), (-19, 19), xlabel="step", ylabel="degrees")
    for episodes, colour in ((found.after, BLUE), (found.before, AMBER)):
        for cart in range(12):
            angles = np.degrees(episodes.states[: episodes.returns[cart], cart, 2])
            poles.line(np.arange(len(angles)), angles, colour, 1, opacity=0.7)
    for fallen in (-12, 12):
        poles.line([0, LONGEST], [fallen, fallen], GREY, 1, "4 3")
    poles.legend([("before", AMBER), ("after", BLUE)], "bottom right")
    sides = Panel("Where it pushes to the right", (-12, 12), (-2, 2), xlabel="angle, degrees", ylabel="turning, rad/s")
    angle, turning = np.meshgrid(np.radians(np.linspace(-12, 12, 60)), np.linspace(-2, 2, 48))
    states = np.stack([0 * angle, 0 * angle, angle, turning], axis=-1)
    with no_grad():
        sides.shade(sigmoid(found.policy(states)[..., 0]).data, AMBER, BLUE)
    sides.text(11, 1.6, "right", BLUE, "end")
    sides.text(-11, -1.75, "left", AMBER)
    return figure("A policy learns to balance a pole", [learning, poles, sides])


def main(arguments: list[str] | None = None) -> Found:
    """Print how long the pole stands before and after."""
    path = asked(__doc__, arguments)
    found = find()
    for name, returns in (("before", found.before.returns), ("after", found.after.returns)):
        mean, whole = returns.mean(), np.mean(returns == LONGEST)
        print(
            f"{name:>6}: the pole stands for {mean:.1f} steps on average, for all {LONGEST} in {whole:.0%} of episodes."
        )
    print(f"Learned from {found.curve.sum():,} pushes in {found.curve.size:,} episodes.")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
