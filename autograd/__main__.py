"""``python -m autograd``: what is installed, what can be differentiated, what counts where that is not unique."""

from __future__ import annotations

import argparse
import sys

from . import about, coverage, subgradients


def main(argv: list[str] | None = None) -> int:
    """Print a page; the exit status is 1 if the ledger of coverage holds fewer functions than asked for."""
    parser = argparse.ArgumentParser(prog="python -m autograd")
    commands = parser.add_subparsers(dest="command", metavar="command")
    command = commands.add_parser("coverage", help="which of NumPy's functions can be differentiated, by trying")
    command.add_argument("--fail-under", type=int, default=0, metavar="N", help="fail if there are fewer than N")
    commands.add_parser("subgradients", help="what counts as the derivative where it is not unique, by trying")
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        print(f"{about.page()}\n\n{parser.format_help()}", end="")
        return 0
    if arguments.command == "subgradients":
        print(subgradients.page())
        return 0
    entries = coverage.ledger()
    proved = [entry for entry in entries if entry.first and entry.second and entry.forward]
    print(coverage.table(entries))
    rest = len(entries) - len(proved)
    print(f"\n{len(proved)} functions with first and second derivatives and forward mode; {rest} without.")
    return int(len(proved) < arguments.fail_under)


if __name__ == "__main__":
    sys.exit(main())
