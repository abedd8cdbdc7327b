"""Engine steps a second of this checkout against another one's: `python -m benchmarks.against DIR`.

Both are measured in turn, several times, each in a process of its own, so that a machine whose speed drifts does not
favour either. The ratio is taken pair by pair; its median counts.
"""

import argparse
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parents[1]
SCRIPT = Path(__file__).with_name("engine_rate.py")


def measured(checkout: Path, seconds: float, python: str = sys.executable) -> float:
    """Return the steps a second of a checkout. Raises CalledProcessError where it cannot be run."""
    command = [python, str(SCRIPT), str(seconds)]
    done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True)  # noqa: S603 - a fixed command
    return float(done.stdout)


def run() -> None:
    """Measure, and print each pair and the median of the ratios."""
    parser = argparse.ArgumentParser(prog="benchmarks.against", description=__doc__)
    parser.add_argument("checkout", type=Path, help="a checkout of another commit")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has what that commit depends on")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    arguments = parser.parse_args()
    ratios = []
    for _ in range(arguments.rounds):
        theirs = measured(arguments.checkout, arguments.seconds, arguments.python)
        ours = measured(HERE, arguments.seconds)
        ratios.append(ours / theirs)
        print(f"there {theirs:8.0f}/s   here {ours:8.0f}/s   ratio {ratios[-1]:.2f}")
    print(f"median {statistics.median(ratios):.2f} of {len(ratios)} pairs, {min(ratios):.2f} to {max(ratios):.2f}")


if __name__ == "__main__":
    run()
