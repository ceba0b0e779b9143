"""Draw the pictures of the README and the documents anew: ``make pictures``."""

from pathlib import Path

from examples.demo import neuron_loss
from viz import draw_graph

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"


def main() -> None:
    """Write every picture to ``docs/pictures``."""
    loss, _ = neuron_loss()
    draw_graph(loss).save(PICTURES / "neuron.svg")


if __name__ == "__main__":
    main()
