"""A process of its own for test_single.py: takes the place of the first window and serves knocks until it is killed.

Prints `first` and then `knock` for each knock, or what `take_place` found instead.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop_affect.ui.single import take_place


def tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> int:
    app = QApplication(sys.argv[:1])
    door = take_place(Path(sys.argv[1]))
    if door is None:
        tell("gave way")
        return 0
    answer = sys.argv[2] == "shown"

    def on_knock(token: str) -> bool:
        tell(f"knock {token}".strip())
        return answer

    door.open(on_knock)
    tell("first")
    return int(app.exec())


if __name__ == "__main__":
    sys.exit(main())
