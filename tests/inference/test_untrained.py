"""The untrained networks are good ONNX files with the shapes of the real ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest

from desktop_affect.core.types import FaceCrop
from desktop_affect.inference.catalog import verify
from desktop_affect.inference.lineup import backbone_graph, untrained_models
from desktop_affect.inference.load import build
from desktop_affect.inference.manifest import Family
from desktop_affect.inference.onnx_runtime import OnnxRuntime
from desktop_affect.inference.onnx_writer import OnnxWriter
from desktop_affect.inference.runtime import Machine
from desktop_affect.inference.untrained import mixer_backbone
from desktop_affect.inference.yardstick import multiply_adds


def test_a_written_file_is_what_the_onnx_package_reads() -> None:
    w = OnnxWriter()
    x = w.node("LayerNormalization", "x", w.constant(np.ones(4, np.float32)), axis=-1, epsilon=0.5)
    w.split(w.node("Reshape", x, w.whole((1, -1))), (3, 5), ("a", "b"))
    model = onnx.load_from_string(w.finish({"x": (1, 2, 4)}, {"a": (1, 3), "b": (1, 5)}))
    onnx.checker.check_model(model, full_check=True)
    norm, _, split = model.graph.node
    assert {a.name: onnx.helper.get_attribute_value(a) for a in norm.attribute} == {"axis": -1, "epsilon": 0.5}
    assert list(split.output) == ["a", "b"]
    values = {t.name: onnx.numpy_helper.to_array(t).tolist() for t in model.graph.initializer}
    assert values[norm.input[1]] == [1.0] * 4
    assert values[split.input[1]] == [3, 5]
    assert [1, -1] in values.values()


def test_all_are_whole_models_that_run(tmp_path: Path) -> None:
    models = untrained_models(tmp_path, 32, 2)
    assert [model.family for model in models] == [Family.MIXER] * 3 + [Family.EMOTIEFFLIB]
    for manifest in models:
        verify(manifest)
        model = build(manifest, "cpu", 1, Machine([OnnxRuntime()]))
        model.open()
        side = manifest.input.size_px
        affect = model.estimate(FaceCrop(np.full((side, side, 3), 90, np.uint8), 0.0, 1))
        model.close()
        assert sum(affect.expressions.values()) == pytest.approx(1.0, abs=1e-4)
        assert len(affect.action_units) == (12 if manifest.family is Family.MIXER else 0)


def test_two_views_tell_left_from_right_no_more(tmp_path: Path) -> None:
    """The mirror image gives the mirrored tokens and the same estimate."""
    graph = backbone_graph(64)
    session = OnnxRuntime()._ort.InferenceSession(mixer_backbone(64, 3, 22, views=2))
    image = np.random.default_rng(4).standard_normal((1, 1, 64, 64)).astype(np.float32)
    names = [tensor.name for tensor in session.get_outputs()]
    plain = dict(zip(names, session.run(names, {"image": image}), strict=True))
    turned = dict(zip(names, session.run(names, {"image": image[..., ::-1].copy()}), strict=True))
    np.testing.assert_allclose(turned["estimate"], plain["estimate"], atol=1e-4)
    np.testing.assert_allclose(turned["level1"], plain["level1"][..., ::-1], atol=1e-4)
    assert multiply_adds(graph) > 0
