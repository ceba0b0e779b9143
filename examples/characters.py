"""An LSTM and a GRU read the beginning of "Alice's Adventures in Wonderland" letter by letter, and write on."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from examples.figure import BLUE, GREEN, GREY, Panel, asked, figure, save
from examples.pixels import Board

TEXT = Path(__file__).with_name("alice.txt").read_text(encoding="ascii")
"""Lewis Carroll, 1865: in the public domain."""

LETTERS = "".join(sorted(set(TEXT)))
KEPT_BACK = 600  # letters at the end, to test on
STEPS, EVERY = 250, 25


class Writer(nn.Module):
    """Letters as vectors, a recurrent layer, and the scores of the next letter.

    Args:
        kind: ``"LSTM"`` or ``"GRU"``.
        hidden: how many numbers the state has.
    """

    def __init__(self, kind: str, hidden: int = 96) -> None:
        self.letters = nn.Embedding(len(LETTERS), 24)
        self.recurrent = getattr(nn, kind)(24, hidden)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(hidden, len(LETTERS))

    def forward(self, ids: Any, state: Any = None) -> tuple[Any, Any]:
        """Scores (T, N, letters) of what follows each of the letters (T, N), and the last state."""
        read, state = self.recurrent(self.letters(ids), state)
        return self.head(self.dropout(read)), state

    def write(self, start: str, length: int, temperature: float, rng: np.random.Generator) -> str:
        """Go on from a beginning, each letter drawn as the network thinks that it is likely."""
        written, ids, state = start, encode(start)[:, None], None
        for _ in range(length):
            scores, state = self(ids, state)
            chances = nn.functional.softmax(scores.data[-1, 0].astype(np.float64) / temperature)
            ids = rng.choice(len(LETTERS), p=chances, size=(1, 1))
            written += LETTERS[ids.item()]
        return written


class Found(NamedTuple):
    """What came out of one kind of layer.

    Attributes:
        steps: after which steps it was tested.
        training: the bits a letter of what it was trained on, at these steps.
        unseen: the bits a letter of the end of the text.
        sample: what it writes.
    """

    steps: list[int]
    training: list[float]
    unseen: list[float]
    sample: str


def encode(text: str) -> Any:
    """The numbers of letters."""
    return np.array([LETTERS.index(letter) for letter in text])


def counts() -> tuple[float, float]:
    """Bits a letter of the unseen end by counting: single letters, and pairs of letters."""
    ids = encode(TEXT)
    seen, unseen = ids[:-KEPT_BACK], ids[-KEPT_BACK:]
    pairs = np.full((len(LETTERS), len(LETTERS)), 0.1)  # a little for pairs that never came
    np.add.at(pairs, (seen[:-1], seen[1:]), 1)
    single, after = pairs.sum(axis=0) / pairs.sum(), pairs / pairs.sum(axis=1, keepdims=True)
    return float(-np.log2(single[unseen[1:]]).mean()), float(-np.log2(after[unseen[:-1], unseen[1:]]).mean())


def bits(scores: Any, ids: Any) -> Any:
    """The mean number of bits a letter: cross-entropy to the base 2."""
    return nn.cross_entropy(scores.reshape((-1, len(LETTERS))), ids.ravel()) / float(np.log(2))


def learn(kind: str, steps: int = STEPS) -> Found:
    """Train on pieces of 64 letters, drawn anew in each step; test on the end of the text.

    The network is kept as it was when it was best on the end of the text.
    """
    nn.manual_seed(0)
    rng = np.random.default_rng(0)
    ids = encode(TEXT)
    seen, unseen = ids[:-KEPT_BACK], ids[-KEPT_BACK:, None]
    model = Writer(kind)
    optimizer = nn.Adam(model.parameters(), lr=0.005)
    found, best = Found([], [], [], ""), model.state_dict()
    for step in range(1, steps + 1):
        pieces = seen[rng.integers(0, len(seen) - 65, 32) + np.arange(65)[:, None]]
        loss = bits(model(pieces[:-1])[0], pieces[1:])
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        if step % EVERY == 0:
            with no_grad():
                test = bits(model.eval()(unseen[:-1])[0], unseen[1:]).item()
            model.train()
            best = model.state_dict() if test < min(found.unseen, default=np.inf) else best
            for numbers, number in zip(found[:3], (step, loss.item(), test), strict=True):
                numbers.append(number)
    model.load_state_dict(best)
    with no_grad():
        return found._replace(sample=model.eval().write("Alice ", 220, 0.6, rng).rpartition(" ")[0])


def draw(found: dict[str, Found]) -> str:
    """Bits a letter, and what both write."""
    colours = {"LSTM": BLUE, "GRU": GREEN}
    size = (290, 190)
    panel = Panel("Bits a letter", (0, STEPS), (1, 5.5), xlabel="step", size=size)
    for words, number in zip(("counting letters", "counting pairs"), counts(), strict=True):
        panel.line([0, STEPS], [number, number], GREY, 1.2, dash="4 4")
        panel.text(STEPS - 4, number + 0.06, f"{words}: {number:.2f}", GREY, "end")
    for kind, one in found.items():
        panel.line(one.steps, one.training, colours[kind], 1.4, opacity=0.5)
        panel.line(one.steps, one.unseen, colours[kind])
    panel.legend(
        [(f"{kind}, unseen: {min(one.unseen):.2f}", colours[kind]) for kind, one in found.items()], "bottom left"
    )
    boards = []
    for kind, one in found.items():
        board = Board(f"What the {kind} writes", size)
        for i, line in enumerate(lines(one.sample)):
            board.text(0, 14 + 17 * i, line)
        boards.append(board)
    return figure("Letter by letter", [panel, *boards])


def lines(text: str, width: int = 46) -> list[str]:
    """Text in lines that are not too long."""
    return [line for part in text.split("\n") for line in textwrap.wrap(part, width)]


def main(arguments: list[str] | None = None) -> dict[str, Found]:
    """Print the bits a letter, and what both write."""
    path = asked(__doc__, arguments)
    single, pairs = counts()
    print(f"{len(TEXT):,} letters, the last {KEPT_BACK} kept back. Bits a letter of these:")
    print(f"  {single:.2f} by counting letters, {pairs:.2f} by counting pairs of letters")
    found = {kind: learn(kind) for kind in ("LSTM", "GRU")}
    for kind, one in found.items():
        best = int(np.argmin(one.unseen))
        print(f"  {one.unseen[best]:.2f} by the {kind}, best after {one.steps[best]} steps. It writes:")
        print("\n".join(f"    {line}" for line in lines(one.sample)))
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
