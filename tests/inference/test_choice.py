"""The choice of a device: measured in turns, remembered on disk, and harmless when the memory is spoiled."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from desktop_affect.inference.choice import Choice, ChoiceMemory, choice_key, pick
from desktop_affect.inference.manifest import Precision
from desktop_affect.inference.measure import Samples, Timing, measure_alternating, sample_turn
from desktop_affect.inference.network import Plan

OPENVINO, ORT = Plan("OpenVINO", "CPU"), Plan("ONNX Runtime", "CPU")
INT8 = Plan("OpenVINO", "CPU", Precision.INT8)


def took(ms: float) -> Timing:
    return Timing(ms, ms * 1.2, 50, ms, ms)


def test_the_fastest_wins_and_the_reason_names_all() -> None:
    choice = pick({OPENVINO: took(5.0), ORT: took(4.0)})
    assert choice == Choice(ORT, "measured on this machine: ONNX Runtime CPU 4.0 ms, OpenVINO CPU 5.0 ms")


def test_a_busy_machine_does_not_decide() -> None:
    """Whose median is longer may have been disturbed more often; the best run tells."""
    busy = Timing(median_ms=30.0, p95_ms=60.0, runs=20, best_ms=4.0, processor_ms=4.1)
    assert pick({OPENVINO: busy, ORT: took(5.0)}).plan == OPENVINO


def test_a_lower_precision_must_be_worth_it() -> None:
    assert pick({OPENVINO: took(5.0), INT8: took(4.6)}).plan == OPENVINO
    assert pick({OPENVINO: took(5.0), INT8: took(4.0)}).plan == INT8


def test_what_is_remembered_comes_back(tmp_path: Path) -> None:
    memory = ChoiceMemory(tmp_path / "deep" / "devices.json")
    assert memory.recall("key") is None
    memory.remember("key", Choice(INT8, "because"))
    memory.remember("other", Choice(ORT, "why not"))
    assert ChoiceMemory(tmp_path / "deep" / "devices.json").recall("key") == Choice(INT8, "because")
    memory.forget("key")
    assert memory.recall("key") is None
    assert memory.recall("other") == Choice(ORT, "why not")
    assert [file.name for file in (tmp_path / "deep").iterdir()] == ["devices.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '{"key": 3}', '{"key": ["A", "CPU"]}', '{"key": ["A", "B", "fp7", "c"]}']
)
def test_a_spoiled_memory_is_no_memory(tmp_path: Path, text: str) -> None:
    file = tmp_path / "devices.json"
    file.write_text(text, "utf-8")
    memory = ChoiceMemory(file)
    assert memory.recall("key") is None
    memory.remember("key", Choice(ORT, "measured"))
    assert memory.recall("key") == Choice(ORT, "measured")


def test_a_memory_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    memory = ChoiceMemory(tmp_path / "file" / "devices.json")
    memory.remember("key", Choice(ORT, "measured"))
    assert memory.recall("key") is None


def test_without_a_file_nothing_is_kept() -> None:
    memory = ChoiceMemory(None)
    memory.remember("key", Choice(ORT, "measured"))
    assert memory.recall("key") is None


def test_another_machine_model_or_setting_is_another_key() -> None:
    keys = {
        choice_key("a", "cpu", 1, ["OpenVINO 1: CPU"]),
        choice_key("b", "cpu", 1, ["OpenVINO 1: CPU"]),
        choice_key("a", "automatic", 1, ["OpenVINO 1: CPU"]),
        choice_key("a", "cpu", 2, ["OpenVINO 1: CPU"]),
        choice_key("a", "cpu", 1, ["OpenVINO 2: CPU"]),
        choice_key("a", "cpu", 1, ["OpenVINO 1: CPU, GPU"]),
    }
    assert len(keys) == 6


def test_candidates_take_turns_of_several_runs() -> None:
    ticks = count()
    order: list[str] = []
    steps = {"a": lambda: order.append("a"), "b": lambda: order.append("b")}
    timings = measure_alternating(steps, budget_s=30.0, clock=lambda: float(next(ticks)))
    turns = len(order) // 14
    assert turns > 1
    assert order == (["a"] * 7 + ["b"] * 7) * turns, "two runs that are not counted, five that are"
    measured = timings["a"]
    assert (measured.median_ms, measured.p95_ms, measured.best_ms) == (1000.0, 1000.0, 1000.0)
    assert measured.runs == 5 * turns


def test_processor_time_counts_what_goes_on_after_a_turn() -> None:
    def work() -> None:
        sum(range(200_000))

    samples = Samples()
    sample_turn(lambda: None, samples, rest=work)
    timing = samples.timing()
    assert timing.runs == 5
    assert timing.processor_ms > 10 * timing.median_ms


def test_a_slow_candidate_is_still_measured_a_few_times() -> None:
    ticks = count(step=100)
    timings = measure_alternating({"slow": lambda: None}, budget_s=1.0, clock=lambda: float(next(ticks)))
    assert timings["slow"].runs == 5
