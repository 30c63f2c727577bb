"""`desktop-affect models`: which models are here, whether they are whole, and adding or removing one's own."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.core.errors import ModelError

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.inference.catalog import Catalog, Entry
    from desktop_affect.inference.manifest import Manifest


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("models", help="list, show, verify, add and remove models")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    _action(actions, "list", "every model, and whether it is whole")
    _action(actions, "show", "all that is known of one model").add_argument("name")
    names = _action(actions, "verify", "check hashes and tensors of all models, or of those named")
    names.add_argument("names", nargs="*", metavar="NAME")
    add = _action(actions, "add", "add a model folder, or an ONNX file of a known family")
    add.add_argument("path", type=Path)
    add.add_argument("--family", help="what a single ONNX file is: emotiefflib")
    _action(actions, "remove", "remove a model that was added").add_argument("name")
    parser.set_defaults(go=run)
    return parser


def _action(actions: Verbs, name: str, text: str) -> argparse.ArgumentParser:
    action = actions.add_parser(name, help=text, description=text)
    action.add_argument("--json", action="store_true", help="print JSON")
    return action


def run(args: argparse.Namespace) -> int:
    from desktop_affect.inference.catalog import this_catalog

    actions = {"list": _list, "show": _show, "verify": _verify, "add": _add, "remove": _remove}
    return actions[args.action](this_catalog(), args)


def _list(catalog: Catalog, args: argparse.Namespace) -> int:
    rows = [_summary(entry, deep=False) for entry in catalog.entries()]
    if args.json:
        _print_json(rows)
    elif not rows:
        print("No model is installed. Add one with: desktop-affect models add FOLDER")
    for row in [] if args.json else rows:
        print(_line(row))
    return 0


def _show(catalog: Catalog, args: argparse.Namespace) -> int:
    from desktop_affect.inference.adding import CARD

    entry = catalog.entry(args.name)
    facts = _summary(entry, deep=False)
    if entry.manifest is not None:
        facts |= _facts(entry.manifest)
    card = entry.folder / CARD
    text = card.read_text("utf-8") if card.is_file() else ""
    if args.json:
        _print_json({**facts, "card": text})
        return 0
    for key, value in facts.items():
        if value not in ("", []):
            print(f"{key + ':':<13} {_told(value)}")
    print(f"\n{text}" if text else "\nThe model has no card.")
    return 0


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _verify(catalog: Catalog, args: argparse.Namespace) -> int:
    entries = [catalog.entry(name) for name in args.names] if args.names else catalog.entries()
    rows = [_summary(entry, deep=True) for entry in entries]
    if args.json:
        _print_json(rows)
    for row in [] if args.json else rows:
        print(_line(row))
        if row["detail"]:
            print(f"    {row['detail']}")
    return 0 if all(row["whole"] for row in rows) else 1


def _add(catalog: Catalog, args: argparse.Namespace) -> int:
    from desktop_affect.inference.adding import add

    manifest = add(catalog, args.path, args.family)
    _say(args, {"added": manifest.name, "folder": str(manifest.folder)}, f"Added {manifest.name}: {manifest.title}")
    return 0


def _remove(catalog: Catalog, args: argparse.Namespace) -> int:
    from desktop_affect.inference.adding import remove

    remove(catalog, args.name)
    _say(args, {"removed": args.name}, f"Removed {args.name}.")
    return 0


def _summary(entry: Entry, *, deep: bool) -> dict[str, object]:
    """One model in a few words; `deep` also reads the tensors of its files."""
    problem = entry.problem or _problem(entry.manifest, deep=deep)
    manifest = entry.manifest
    return {
        "name": entry.name,
        "version": manifest.version if manifest else "",
        "family": manifest.family.value if manifest else "",
        "title": manifest.title if manifest else "",
        "outputs": [head.name for head in manifest.heads] if manifest else [],
        "added": entry.users_own,
        "whole": problem is None,
        "problem": problem.message if problem else "",
        "detail": problem.detail if problem else "",
    }


def _problem(manifest: Manifest | None, *, deep: bool) -> ModelError | None:
    from desktop_affect.inference.catalog import check_files, verify

    if manifest is None:
        return None
    try:
        (verify if deep else check_files)(manifest)
    except ModelError as error:
        return error
    return None


def _facts(manifest: Manifest) -> dict[str, object]:
    window = manifest.window
    return {
        "licence": manifest.licence,
        "trained on": manifest.trained_on,
        "picture": f"{manifest.input.size_px} px, {manifest.crop.alignment.value}",
        "window": f"{window.span_s:g} s in {window.steps} steps" if window else "none",
        "precisions": [precision.value for precision in manifest.precisions],
        "folder": str(manifest.folder),
        "sha256": manifest.sha256,
    }


def _line(row: Mapping[str, object]) -> str:
    where = "added" if row["added"] else "installed"
    state = "whole" if row["whole"] else f"BROKEN  {row['problem']}"
    return f"{row['name']:<24} {row['version']:<8} {row['family']:<12} {where:<10} {state}"


def _say(args: argparse.Namespace, document: Mapping[str, object], sentence: str) -> None:
    if args.json:
        _print_json(document)
    else:
        print(sentence)


def _print_json(document: object) -> None:
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False)
    print()
