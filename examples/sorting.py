"""A small transformer writes eight digits again in order; its attention shows where it looks for the next one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from examples.figure import AMBER, BLUE, GREEN, GREY, Panel, asked, figure, save
from examples.pixels import Board
from nn.optim.lr_scheduler import OneCycleLR

DIGITS = 8
PLACES = 2 * DIGITS - 1
STEPS = 900


class Sorter(nn.Module):
    """Digits with their places, transformer blocks in which no place sees later ones, and the scores of the next digit.

    Args:
        width: how many numbers each place has.
        blocks: how many blocks there are, each with attention of one head.
    """

    def __init__(self, width: int = 32, blocks: int = 2) -> None:
        self.digits, self.places = nn.Embedding(10, width), nn.Embedding(PLACES, width)
        options: dict[str, Any] = {"dropout": 0.0, "batch_first": True, "norm_first": True}
        self.blocks = nn.ModuleList(nn.TransformerEncoderLayer(width, 1, 64, **options) for _ in range(blocks))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 10)

    def forward(self, ids: Any) -> Any:
        """Scores (N, T, 10) of what follows each of the digits (N, T)."""
        x = self.digits(ids) + self.places(np.arange(ids.shape[1]))
        for block in self.blocks:
            x = block(x, later(ids.shape[1]))
        return self.head(self.norm(x))

    def sort(self, ids: Any) -> Any:
        """The digits (N, 8) and behind them what the network writes, the likeliest digit each time: (N, 16)."""
        for _ in range(DIGITS):
            ids = np.concatenate([ids, self(ids).data[:, -1:].argmax(axis=-1)], axis=1)
        return ids

    def attention(self, ids: Any) -> Any:
        """Where each block looks from each place: (blocks, N, T, T)."""
        seen: list[Any] = []
        parts = [block.self_attn for block in self.blocks]
        handles = [part.register_forward_pre_hook(lambda module, args: seen.append(args[0])) for part in parts]
        self(ids)
        for handle in handles:
            handle.remove()
        mask = later(ids.shape[1])
        return np.stack([part(x, x, x, attn_mask=mask)[1].data for part, x in zip(parts, seen, strict=True)])


class Found(NamedTuple):
    """What came out.

    Attributes:
        losses: the loss of each step.
        accuracy: the share of unseen rows that are sorted without a mistake.
        pointing: the share of the last block's attention that lies on the digits that are to be written next.
        row: one row, and behind it what the network wrote.
        attention: where each block looked while writing (blocks, T, T).
    """

    losses: list[float]
    accuracy: float
    pointing: float
    row: Any
    attention: Any


def later(places: int) -> Any:
    """A mask that hides from each place those behind it."""
    return np.triu(np.ones((places, places), bool), 1)


def learn(steps: int) -> tuple[Sorter, list[float]]:
    """Train on new rows in each step: the loss counts where the sorted digits are written."""
    nn.manual_seed(0)
    rng = np.random.default_rng(0)
    model = Sorter()
    optimizer = nn.Adam(model.parameters(), lr=0.005)
    schedule = OneCycleLR(optimizer, max_lr=0.005, total_steps=steps + 1)
    losses = []
    for _ in range(steps):
        row = rng.integers(0, 10, (64, DIGITS))
        both = np.concatenate([row, np.sort(row)], axis=1)
        scores = model(both[:, :-1])[:, DIGITS - 1 :]
        loss = nn.cross_entropy(scores.reshape((-1, 10)), both[:, DIGITS:].ravel())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return model, losses


def find(steps: int = STEPS) -> Found:
    """Train, sort 500 rows that were kept back, and look where the network looks."""
    model, losses = learn(steps)
    rows = np.random.default_rng(1).integers(0, 10, (500, DIGITS))
    with no_grad():
        written = model.sort(rows)
        weights = model.attention(written[:, :-1])
    accuracy = float((written[:, DIGITS:] == np.sort(rows)).all(axis=1).mean())
    wanted = written[:, None, :-1] == written[:, DIGITS:, None]  # (N, 8, T): is this the digit to be written?
    onto = weights[-1, :, DIGITS - 1 :] * wanted
    return Found(losses, accuracy, float(onto.sum(axis=-1).mean()), written[0], weights[:, 0])


def heat(title: str, found: Found, weights: Any, colour: str) -> Board:
    """Where one block looks: a line for each digit that is written, a column for each that is there."""
    board = Board(title, (300, 190))
    wide, high, left, top = 17.5, 20, 26, 20
    before, after = found.row[:-1], found.row[DIGITS:]
    board.image(weights[DIGITS - 1 :], left, top, wide * PLACES, high * DIGITS, colour)
    for i, digit in enumerate(before):
        board.text(left + wide * (i + 0.5), top - 6, str(digit), colour if i >= DIGITS else GREY, "middle")
    for i, digit in enumerate(after):
        board.text(left - 9, top + high * (i + 0.7), str(digit), colour, "middle")
    x, right, bottom = left + wide * DIGITS, left + wide * PLACES, top + high * DIGITS
    board.marks.append(
        f'<path d="M{left} {top}H{right}V{bottom}H{left}zM{x} {top}V{bottom}" fill="none" stroke="{GREY}"/>'
    )
    return board


def draw(found: Found) -> str:
    """Where both blocks look, and the loss."""
    steps = len(found.losses)
    curve = Panel(
        f"{found.accuracy:.1%} of unseen rows", (0, steps), (1e-4, 3), xlabel="step", log="y", size=(300, 190)
    )
    curve.line(np.arange(steps), found.losses, AMBER, 1.4)
    curve.legend([("cross-entropy", AMBER)])
    blocks = [
        heat(f"Block {i + 1}: the digit to write, and where it looks", found, weights, colour)
        for i, (weights, colour) in enumerate(zip(found.attention, (BLUE, GREEN), strict=True))
    ]
    return figure("A transformer that sorts digits", [*blocks, curve])


def main(arguments: list[str] | None = None) -> Found:
    """Print how well it sorts, and where it looks."""
    path = asked(__doc__, arguments)
    found = find()
    print(
        f"After {STEPS:,} steps {found.accuracy:.1%} of 500 unseen rows of {DIGITS} digits are sorted without mistake."
    )
    print(f"  {' '.join(map(str, found.row[:DIGITS]))}  becomes  {' '.join(map(str, found.row[DIGITS:]))}")
    print(f"  {found.pointing:.0%} of the last block's attention lies on digits like the one to be written next.")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
