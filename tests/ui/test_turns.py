"""Work in pieces: one each turn, and what is begun anew replaces what was not finished."""

from __future__ import annotations

from desktop_affect.ui.turns import Turns


def test_a_piece_is_done_each_turn() -> None:
    done: list[str] = []
    turns = Turns()
    assert not turns.step()
    turns.begin(lambda: done.append("first"), lambda: done.append("second"))
    seen = []
    while turns.step():
        seen.append((tuple(done), turns.over))
    assert seen == [(("first",), False), (("first", "second"), True)]


def test_what_is_begun_anew_replaces_the_rest() -> None:
    done: list[str] = []
    turns = Turns()
    turns.begin(lambda: done.append("old"), lambda: done.append("never"))
    turns.step()
    turns.begin(lambda: done.append("new"))
    while turns.step():
        pass
    assert done == ["old", "new"]
