"""`make soak`: thousands of sequences from a seed that is printed, and what they came to."""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import django

SOAK = Path(__file__).with_name("soak.py")
PART = 100


def main() -> int:
    """0, or 1 after a broken promise or where a rule was hardly ever taken."""
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(10**9))
    parts = -(-int(os.environ.get("SEQUENCES") or 10_000) // PART)
    only = f"{SOAK}::test_part[{os.environ['PART']}]" if os.environ.get("PART") else str(SOAK)
    print(f"{parts * PART:,} sequences. Again: make soak SEED={seed} SEQUENCES={parts * PART}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as counts:
        ended = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "--tb=short"),
                *(
                    "--show-capture=no",
                    "-p",
                    "no:logging",
                    "-n",
                    os.environ.get("WORKERS") or "auto",
                ),
                *("--dist", "worksteal", only),
            ],
            env=os.environ
            | {"SOAK_SEED": str(seed), "SOAK_PARTS": str(parts), "SOAK_COUNTS": counts},
            check=False,
        )
        counted = [json.loads(each.read_text()) for each in Path(counts).glob("*.json")]
    return _report(counted, seconds=time.monotonic() - began, failed=bool(ended.returncode))


def _report(counted: list[dict[str, int]], *, seconds: float, failed: bool) -> int:
    from tests.machine.running import SEQUENCES, never_taken

    fired = sum((Counter(each) for each in counted), Counter[str]())
    sequences = fired.pop(SEQUENCES, 0)
    print(f"\n{sequences:,} sequences, {fired.total():,} steps in {seconds / 60:.0f} min")
    for name, times in fired.most_common():
        print(f"{times:>9,}  {name}")
    if failed:
        print("A promise was broken: see above. SHRINK=1 makes the story short.")
        return 1
    too_rare = never_taken(fired, least=max(1, sequences // 100))
    for name in too_rare:
        print(f"Hardly ever: {name}")
    print("Every promise was kept.")
    return int(bool(too_rare))


if __name__ == "__main__":
    django.setup()
    sys.exit(main())
