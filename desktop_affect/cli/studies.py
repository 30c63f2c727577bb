"""`desktop-affect studies`: who takes part, in which conditions, and what comes next."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.cli.columns import aligned
from desktop_affect.cli.sessions_folder import add_action, fresh_library, sessions_folder
from desktop_affect.core.errors import SessionError

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.session.studies import Progress, Study

_ORDERS = ("fixed", "rotated", "balanced")


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("studies", help="plan studies: participants, conditions, and what comes next")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add_action(actions, "list", _list, "all that are planned")
    show = add_action(actions, "show", _show, "the plan, and how far everybody is")
    show.add_argument("study", metavar="STUDY")
    _add_make(actions)
    add = add_action(actions, "add", _add, "put participants on the list")
    add.add_argument("study", metavar="STUDY")
    add.add_argument("participants", nargs="+", metavar="CODE")
    coming = add_action(actions, "next", _next, "the condition that a participant comes to next; exit code 1 when done")
    coming.add_argument("study", metavar="STUDY")
    coming.add_argument("participant", metavar="CODE")
    return parser


def _add_make(actions: Verbs) -> None:
    parser = add_action(actions, "make", _make, "plan a study, or change a plan: what is not named stays as it is")
    parser.add_argument("study", metavar="NAME", help="short: it is also the folder's name")
    parser.add_argument("--title", metavar="TEXT")
    parser.add_argument("--participants", nargs="+", metavar="CODE")
    parser.add_argument("--conditions", nargs="+", metavar="NAME")
    parser.add_argument("--order", choices=_ORDERS, help="how conditions are counterbalanced (default: fixed)")
    parser.add_argument(
        "--order-of", nargs="+", action="append", default=[], metavar="CODE CONDITION", help="for one participant"
    )
    parser.add_argument("--note", metavar="TEXT")


def _make(args: argparse.Namespace) -> int:
    from desktop_affect.session.studies import Order, write_study

    root = sessions_folder(args.folder)
    before = _planned(root, args.study)
    study = replace(
        before,
        title=before.title if args.title is None else args.title,
        participants=before.participants if args.participants is None else tuple(dict.fromkeys(args.participants)),
        conditions=before.conditions if args.conditions is None else tuple(dict.fromkeys(args.conditions)),
        order=before.order if args.order is None else Order(args.order),
        orders={**before.orders, **{who: tuple(order) for who, *order in args.order_of}},
        note=before.note if args.note is None else args.note,
    )
    path = write_study(root, study)
    print(json.dumps({"study": study.name, "file": str(path)}, ensure_ascii=False) if args.json else path)
    return 0


def _planned(root: Path, name: str) -> Study:
    from desktop_affect.session.studies import Study, read_study, study_file

    return read_study(root, name) if study_file(root, name).is_file() else Study(name.strip())


def _add(args: argparse.Namespace) -> int:
    from desktop_affect.session.studies import read_study, write_study

    root = sessions_folder(args.folder)
    write_study(root, read_study(root, args.study).with_participants(args.participants))
    return _show(args)


def _list(args: argparse.Namespace) -> int:
    from desktop_affect.session.studies import studies

    root = sessions_folder(args.folder)
    found = [(study, _progress(args.folder, study)) for study in studies(root)]
    if args.json:
        print(json.dumps([document(study, far) for study, far in found], ensure_ascii=False, indent=2))
    elif found:
        print(aligned(("study", "participants", "conditions", "sessions", "left", "title"), [_line(*f) for f in found]))
    else:
        print(f"No study is planned in “{root}”. Make one: desktop-affect studies make NAME --conditions A B")
    return 0


def _line(study: Study, far: Sequence[Progress]) -> tuple[str, ...]:
    done, left = sum(len(one.done) for one in far), sum(len(one.left) for one in far)
    counts = (str(len(study.participants)), ", ".join(study.conditions) or "–", str(done), str(left))
    return (study.name, *counts, study.title or "–")


def _progress(folder: Path | None, study: Study) -> tuple[Progress, ...]:
    from desktop_affect.session.library import Search
    from desktop_affect.session.studies import progress

    return progress(study, fresh_library(folder).search(Search(study=study.name)))


def _show(args: argparse.Namespace) -> int:
    from desktop_affect.session.studies import read_study

    study = read_study(sessions_folder(args.folder), args.study)
    far = _progress(args.folder, study)
    if args.json:
        print(json.dumps(document(study, far), ensure_ascii=False, indent=2))
        return 0
    print(f"{study.name}: {study.title}" if study.title else study.name)
    print(f"conditions: {', '.join(study.conditions) or '–'} ({study.order.value})")
    rows = [(one.participant, _joined(one.planned), _joined(one.done), one.next or "done") for one in far]
    print(aligned(("participant", "planned", "done", "next"), rows) if rows else "Nobody is on the list.")
    return 0


def _joined(conditions: Sequence[str]) -> str:
    return " ".join(condition or "(none)" for condition in conditions) or "–"


def document(study: Study, far: Sequence[Progress]) -> dict[str, object]:
    """A study as other programs read it."""
    return {
        "study": study.name,
        "title": study.title,
        "conditions": list(study.conditions),
        "order": study.order.value,
        "note": study.note,
        "participants": [
            {
                "participant": one.participant,
                "planned": list(one.planned),
                "done": list(one.done),
                "left": list(one.left),
                "next": one.next or None,
            }
            for one in far
        ],
    }


def _next(args: argparse.Namespace) -> int:
    condition = next_condition(args.folder, args.study, args.participant)
    if args.json:
        print(json.dumps({"study": args.study, "participant": args.participant, "next": condition or None}))
    elif condition:
        print(condition)
    return 0 if condition else 1


def next_condition(folder: Path | None, name: str, participant: str) -> str:
    """Empty when everything planned is done. Raises SessionError in words where nothing is planned."""
    from desktop_affect.session.library import Search
    from desktop_affect.session.studies import progress_of, read_study

    study = read_study(sessions_folder(folder), name)
    if not study.conditions:
        raise SessionError(
            f"The study “{name}” has no conditions.", advice=f"desktop-affect studies make {name} --conditions A B"
        )
    return progress_of(study, participant, fresh_library(folder).search(Search(study=name))).next
