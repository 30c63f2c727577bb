"""`desktop-affect sessions`: lists, finds, tags and notes sessions, moves them to the trash and back."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.cli.columns import aligned
from desktop_affect.cli.sessions_folder import add_action, find_entry, fresh_library
from desktop_affect.core.errors import SessionError

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.session.library import Entry

_HEAD = ("started", "study", "participant", "condition", "length", "state", "tags", "folder")


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("sessions", help="list, find, tag, note and delete sessions")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_list(actions)
    tag = add_action(actions, "tag", _tag, "add tags (or take them away)")
    tag.add_argument("session", metavar="SESSION", help="its folder, or the beginning of its id")
    tag.add_argument("tags", nargs="+", metavar="TAG", help="“discarded” makes a planned condition count as not done")
    tag.add_argument("--remove", action="store_true", help="take these tags away")
    note = add_action(actions, "note", _note, "write a note; an empty one takes it away")
    note.add_argument("session", metavar="SESSION")
    note.add_argument("text", metavar="TEXT")
    delete = add_action(actions, "delete", _delete, "move to the trash, a hidden folder beside the sessions")
    delete.add_argument("sessions", nargs="+", metavar="SESSION")
    restore = add_action(actions, "restore", _restore, "take back from the trash")
    restore.add_argument("sessions", nargs="+", type=Path, metavar="FOLDER", help="as “delete” said")
    return parser


def _add_list(actions: Verbs) -> None:
    parser = add_action(actions, "list", _list, "newest first; words must all occur in names, tags, note or folder")
    parser.add_argument("words", nargs="*", metavar="WORD")
    for name in ("study", "participant", "condition", "tag"):
        parser.add_argument(f"--{name}", default="")


def _list(args: argparse.Namespace) -> int:
    from desktop_affect.session.library import Search

    library = fresh_library(args.folder)
    entries = library.search(Search(" ".join(args.words), args.study, args.participant, args.condition, args.tag))
    if args.json:
        _print_json([document(entry) for entry in entries])
    elif entries:
        print(aligned(_HEAD, [_cells(entry, library.root) for entry in entries]))
    else:
        print(f"No session in “{library.root}” fits.")
    return 0


def document(entry: Entry) -> dict[str, object]:
    """A session as other programs read it."""
    return {
        "session": str(entry.path),
        "id": entry.id,
        "study": entry.study,
        "participant": entry.participant,
        "condition": entry.condition,
        "state": entry.state.value,
        "started_utc": entry.started_utc,
        "source": entry.source,
        "model": entry.model,
        "rows": entry.rows,
        "duration_s": entry.duration_s,
        "faces": entry.faces,
        "tags": list(entry.labels.tags),
        "note": entry.labels.note,
    }


def _cells(entry: Entry, root: Path) -> tuple[str, ...]:
    return (
        f"{datetime.fromisoformat(entry.started_utc).astimezone():%Y-%m-%d %H:%M}",
        entry.study or "–",
        entry.participant or "–",
        entry.condition or "–",
        "–" if entry.duration_s is None else length_words(entry.duration_s),
        entry.state.value,
        ", ".join(entry.labels.tags) or "–",
        str(entry.path.relative_to(root)),
    )


def length_words(seconds: float) -> str:
    """`1:02:09` or `4:07`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def _tag(args: argparse.Namespace) -> int:
    from desktop_affect.session.labels import tidy

    library = fresh_library(args.folder)
    entry, tags = find_entry(library, args.session), tidy(args.tags)
    kept = tuple(tag for tag in entry.labels.tags if not args.remove or tag not in tags)
    labels = replace(entry.labels, tags=kept if args.remove else tidy((*kept, *tags)))
    library.label(entry.path, labels)
    return _told(
        args, {"session": str(entry.path), "tags": list(labels.tags)}, f"tags: {', '.join(labels.tags) or '–'}"
    )


def _note(args: argparse.Namespace) -> int:
    library = fresh_library(args.folder)
    entry = find_entry(library, args.session)
    library.label(entry.path, replace(entry.labels, note=args.text.strip()))
    return _told(args, {"session": str(entry.path), "note": args.text.strip()}, "noted")


def _delete(args: argparse.Namespace) -> int:
    library = fresh_library(args.folder)
    entries = [find_entry(library, name) for name in args.sessions]
    return _moved(args, [library.to_trash(entry.path) for entry in entries])


def _restore(args: argparse.Namespace) -> int:
    library = fresh_library(args.folder)
    return _moved(args, [library.from_trash(_in_trash(library.root, place)) for place in args.sessions])


def _in_trash(root: Path, named: Path) -> Path:
    """As `delete` printed it, or as it was called before. Raises SessionError in words."""
    from desktop_affect.session.format import HEADER_FILE
    from desktop_affect.session.library import TRASH

    trash = root / TRASH
    for place in (named, trash / named):
        if place.is_relative_to(trash) and (place / HEADER_FILE).is_file():
            return place
    raise SessionError(f"There is no session “{named}” in the trash.", advice=f"The trash is “{trash}”.")


def _moved(args: argparse.Namespace, places: Iterable[Path]) -> int:
    words = [str(place) for place in places]
    return _told(args, {"folders": words}, "\n".join(words))


def _told(args: argparse.Namespace, facts: dict[str, object], words: str) -> int:
    if args.json:
        _print_json(facts)
    else:
        print(words)
    return 0


def _print_json(facts: object) -> None:
    print(json.dumps(facts, ensure_ascii=False, indent=2))
