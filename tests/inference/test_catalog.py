"""What is not whole is refused in words; what is whole is found and the best of it chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from onnx import TensorProto, helper

from desktop_affect.core.errors import ModelError
from desktop_affect.core.settings_table import default_settings
from desktop_affect.inference.adding import add, remove
from desktop_affect.inference.catalog import Catalog, check_files, is_there, verify
from desktop_affect.inference.load import load_model
from desktop_affect.inference.manifest import Family
from desktop_affect.inference.manifest_file import read_manifest
from tests.inference import tiny


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "installed", tmp_path / "own")


def test_whole_models_pass(tmp_path: Path) -> None:
    verify(read_manifest(tiny.mixer_folder(tmp_path)))
    verify(read_manifest(tiny.frame_folder(tmp_path)))


def test_a_wrong_hash_is_told(tmp_path: Path) -> None:
    folder = tiny.mixer_folder(tmp_path)
    (folder / "backbone.onnx").write_bytes(tiny.backbone() + b"\x00")
    with pytest.raises(ModelError) as refused:
        check_files(read_manifest(folder))
    assert refused.value.message == "models/tiny-mixer: backbone.onnx is not the file that the manifest describes."


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    folder = tiny.mixer_folder(tmp_path)
    (folder / "temporal.onnx").unlink()
    with pytest.raises(ModelError, match=r"temporal\.onnx cannot be read"):
        check_files(read_manifest(folder))


@pytest.mark.parametrize("data", [tiny.backbone()[:150], b"", b"not a network"], ids=["truncated", "empty", "garbage"])
def test_a_broken_network_is_told_even_with_the_right_hash(tmp_path: Path, data: bytes) -> None:
    folder = tiny.mixer_folder(tmp_path)
    tiny.replace_file(folder, "backbone.onnx", data)
    with pytest.raises(ModelError, match=r"models/tiny-mixer: backbone\.onnx is not a network that can be read"):
        verify(read_manifest(folder))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (tiny.classifier(3, name="valence_arousal"), "“valence_arousal” has the shape ['any', 3], not [1, 2]"),
        (tiny.classifier(2, name="va"), "its outputs are “va”, not “valence_arousal”"),
        (tiny.classifier(2, side=20, name="valence_arousal"), "its input “input” has the shape"),
        (
            tiny.network(
                [helper.make_node("Identity", ["input"], ["valence_arousal"])],
                {"input": [1, 3, 16, 16]},
                {"valence_arousal": [1, 3, 16, 16]},
                kind=TensorProto.DOUBLE,
            ),
            "its input “input” is not float32",
        ),
    ],
    ids=["shape", "name", "size", "type"],
)
def test_other_tensors_than_described_are_told(tmp_path: Path, data: bytes, words: str) -> None:
    folder = tiny.frame_folder(tmp_path)
    tiny.replace_file(folder, "network.onnx", data)
    with pytest.raises(ModelError) as refused:
        verify(read_manifest(folder))
    assert words in refused.value.message


def test_entries_tell_whole_from_broken_and_the_own_hides_the_installed(catalog: Catalog) -> None:
    tiny.mixer_folder(catalog.installed, "a")
    tiny.edit(tiny.mixer_folder(catalog.installed, "b"), "schema = 1", "schema = 9")
    tiny.frame_folder(catalog.installed, "c")
    tiny.mixer_folder(catalog.users_own, "c")
    (catalog.installed / "no-model").mkdir()
    entries = {entry.name: entry for entry in catalog.entries()}
    assert list(entries) == ["a", "b", "c"]
    assert entries["a"].manifest is not None
    assert not entries["a"].users_own
    assert entries["b"].problem is not None
    assert entries["c"].users_own
    assert entries["c"].manifest is not None
    assert entries["c"].manifest.family is Family.MIXER


def test_a_model_that_is_taken_away_is_noticed(catalog: Catalog) -> None:
    tiny.mixer_folder(catalog.users_own, name="mine")
    assert is_there(catalog, "mine")
    next((catalog.users_own / "mine").glob("*.onnx")).unlink()
    assert not is_there(catalog, "mine")
    assert not is_there(catalog, "never there")


def test_the_best_is_a_whole_mixer_of_the_newest_version(catalog: Catalog) -> None:
    tiny.frame_folder(catalog.installed, "frame", "9.0.0")
    tiny.mixer_folder(catalog.installed, "mixer-old", "0.9.0")
    tiny.mixer_folder(catalog.installed, "mixer-new", "0.10.0")
    (tiny.mixer_folder(catalog.installed, "mixer-broken", "0.11.0") / "backbone.onnx").unlink()
    best, problems = catalog.best()
    assert best is not None
    assert best.name == "mixer-new"
    assert ["mixer-broken" in problem.message for problem in problems] == [True]


def test_no_model_at_all_is_a_notice(catalog: Catalog) -> None:
    loaded = load_model(default_settings(), catalog)
    assert loaded.model is None
    assert [notice.message for notice in loaded.notices] == [
        "No model is installed: faces are tracked, but no affect is estimated."
    ]


def test_a_named_model_is_never_replaced_by_another(catalog: Catalog) -> None:
    tiny.mixer_folder(catalog.installed, "good")
    (tiny.mixer_folder(catalog.installed, "bad") / "backbone.onnx").write_bytes(b"")
    for name, words in (("bad", "not the file that the manifest describes"), ("absent", "There is no model called")):
        loaded = load_model(default_settings().with_changes({"model.name": name}), catalog)
        assert loaded.model is None
        assert words in loaded.notices[0].message
    assert load_model(default_settings().with_changes({"model.name": "good"}), catalog).model is not None


def test_automatic_passes_over_a_broken_model_and_says_so(catalog: Catalog) -> None:
    tiny.edit(tiny.mixer_folder(catalog.installed, "broken"), "[window]", "[windows]")
    tiny.frame_folder(catalog.installed, "whole")
    loaded = load_model(default_settings(), catalog)
    assert loaded.model is not None
    assert "models/broken" in loaded.notices[0].message


def test_a_folder_is_added_whole_and_removed_again(catalog: Catalog, tmp_path: Path) -> None:
    source = tiny.mixer_folder(tmp_path / "downloads")
    (source / "CARD.md").write_text("# A card", "utf-8")
    (source / "stray.txt").write_text("not part of the model", "utf-8")
    manifest = add(catalog, source)
    assert manifest.folder == catalog.users_own / "tiny-mixer"
    names = sorted(file.name for file in manifest.folder.iterdir())
    assert names == ["CARD.md", "backbone.onnx", "model.toml", "temporal.onnx"]
    verify(manifest)
    with pytest.raises(ModelError, match="already is a model called “tiny-mixer”"):
        add(catalog, source)
    remove(catalog, "tiny-mixer")
    assert list(catalog.users_own.iterdir()) == []


def test_a_broken_folder_leaves_nothing_behind(catalog: Catalog, tmp_path: Path) -> None:
    source = tiny.mixer_folder(tmp_path / "downloads")
    (source / "temporal.onnx").write_bytes(b"cut")
    with pytest.raises(ModelError, match="not the file that the manifest describes"):
        add(catalog, source)
    (source / "temporal.onnx").unlink()
    with pytest.raises(ModelError, match="could not be copied"):
        add(catalog, source)
    assert list(catalog.users_own.iterdir()) == []


def test_an_installed_model_stays(catalog: Catalog) -> None:
    tiny.mixer_folder(catalog.installed)
    with pytest.raises(ModelError, match="came with Desktop Affect"):
        remove(catalog, "tiny-mixer")
    with pytest.raises(ModelError, match="no model called"):
        remove(catalog, "other")


def test_a_path_to_nothing_is_refused(catalog: Catalog, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="neither a folder nor a file"):
        add(catalog, tmp_path / "nothing")
