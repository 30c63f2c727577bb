"""`desktop-affect models` on folders of the test: words for people, JSON for scripts, and the right exit codes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from desktop_affect.cli import main as front
from desktop_affect.cli import models
from desktop_affect.core.errors import ModelError
from desktop_affect.inference.catalog import Catalog
from desktop_affect.system.paths import HOME_VARIABLE
from tests.inference import tiny
from tests.inference.test_emotiefflib import FAMILY


@pytest.fixture
def catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Catalog:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    made = Catalog(tmp_path / "installed", tmp_path / "own")
    monkeypatch.setattr("desktop_affect.inference.catalog.this_catalog", lambda: made)
    return made


def call(*words: str) -> int:
    parser = argparse.ArgumentParser()
    models.add_parser(parser.add_subparsers())
    args = parser.parse_args(["models", *words])
    return int(args.go(args))


@pytest.mark.usefixtures("catalog")
def test_without_models_the_list_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("list") == 0
    assert "No model is installed" in capsys.readouterr().out
    assert call("list", "--json") == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_list_names_whole_and_broken_models(catalog: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    tiny.mixer_folder(catalog.installed)
    (tiny.frame_folder(catalog.users_own) / "network.onnx").write_bytes(b"")
    assert call("list") == 0
    frame, mixer = capsys.readouterr().out.splitlines()
    assert "added" in frame
    assert "BROKEN  models/tiny-frame: network.onnx is not the file that the manifest describes." in frame
    assert mixer.split() == ["tiny-mixer", "0.1.0", "mixer", "installed", "whole"]
    call("list", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["whole"], row["added"]) for row in rows] == [
        ("tiny-frame", False, True),
        ("tiny-mixer", True, False),
    ]


def test_show_tells_all_and_prints_the_card(catalog: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tiny.mixer_folder(catalog.installed)
    (folder / "CARD.md").write_text("# What it is good for\n", "utf-8")
    assert call("show", "tiny-mixer") == 0
    text = capsys.readouterr().out
    for part in ("Nothing.", "1 s in 4 steps", "valence_arousal, expressions", "fp32", "# What it is good for"):
        assert part in text
    assert "whole:        yes" in text
    assert "problem" not in text
    call("show", "tiny-mixer", "--json")
    assert json.loads(capsys.readouterr().out)["card"] == "# What it is good for\n"


def test_show_of_a_broken_or_unknown_model(catalog: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    tiny.edit(tiny.mixer_folder(catalog.installed), "schema = 1", "schema = 2")
    assert call("show", "tiny-mixer") == 0
    assert "this version of Desktop Affect reads 1" in capsys.readouterr().out
    with pytest.raises(ModelError, match="no model called “other”"):
        call("show", "other")


def test_verify_reads_the_tensors_and_fails_for_scripts(catalog: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tiny.mixer_folder(catalog.installed)
    assert call("verify") == 0
    tiny.replace_file(folder, "temporal.onnx", tiny.temporal()[:200])
    assert call("list") == 0
    assert "whole" in capsys.readouterr().out.splitlines()[-1], "the hash alone cannot tell"
    assert call("verify", "tiny-mixer") == 1
    assert "temporal.onnx is not a network that can be read" in capsys.readouterr().out
    assert call("verify", "--json") == 1
    assert json.loads(capsys.readouterr().out)[0]["whole"] is False


def test_add_and_remove(catalog: Catalog, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tiny.mixer_folder(tmp_path / "downloads")
    assert call("add", str(source)) == 0
    assert capsys.readouterr().out == "Added tiny-mixer: A tiny model\n"
    file = tmp_path / "mbf_va_mtl.onnx"
    file.write_bytes(tiny.classifier(10, 112))
    assert call("add", str(file), "--family", "emotiefflib", "--json") == 0
    assert json.loads(capsys.readouterr().out)["added"] == "mbf_va_mtl"
    assert [entry.name for entry in catalog.entries()] == ["mbf_va_mtl", "tiny-mixer"]
    assert call("remove", "tiny-mixer") == 0
    assert call("remove", "mbf_va_mtl", "--json") == 0
    assert catalog.entries() == []


@pytest.mark.parametrize(("stem", "side", "outputs"), FAMILY)
def test_every_name_of_the_family_is_added_shown_verified_and_removed(
    catalog: Catalog, tmp_path: Path, capsys: pytest.CaptureFixture[str], stem: str, side: int, outputs: int
) -> None:
    file = tmp_path / f"{stem}.onnx"
    file.write_bytes(tiny.classifier(outputs, side))

    def said(*words: str) -> Any:
        assert front.main(["models", *words, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    assert said("add", str(file), "--family", "emotiefflib") == {"added": stem, "folder": str(catalog.users_own / stem)}
    shown = said("show", stem)
    assert shown["picture"] == f"{side} px, box"
    assert shown["outputs"] == ["expressions", "valence_arousal"][: 2 if outputs == 10 else 1]
    (row,) = said("verify", stem)
    assert (row["family"], row["whole"], row["added"], row["problem"]) == ("emotiefflib", True, True, "")
    assert said("remove", stem) == {"removed": stem}
    assert said("list") == []


@pytest.mark.usefixtures("catalog")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["show", "other"], "There is no model called “other”."),
        (["remove", "other"], "There is no model called “other”."),
        (["verify", "other"], "There is no model called “other”."),
        (["add", "nowhere"], "“nowhere” is neither a folder nor a file."),
        (["add", __file__], "“test_models.py” is a single file, and its family is not known."),
        (["add", __file__, "--family", "resnet"], "“resnet” is not a family of single files."),
        (["add", __file__, "--family", "emotiefflib"], "“test_models.py” is not a network that can be read."),
    ],
)
def test_refusals_are_words_and_an_exit_code(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert front.main(["models", *words]) == 1
    assert told in capsys.readouterr().err
