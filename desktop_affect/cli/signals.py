"""`desktop-affect signals`: what can be measured, and how many alerts a rule would have given at other thresholds."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_affect.cli.columns import aligned
from desktop_affect.core.errors import SessionError

if TYPE_CHECKING:
    from desktop_affect.cli.parsers import Verbs
    from desktop_affect.session.reader import Session
    from desktop_affect.signals.operating_points import OperatingPoint
    from desktop_affect.signals.rules import Rule


def add_parser(verbs: Verbs) -> argparse.ArgumentParser:
    parser = verbs.add_parser("signals", help="list the signals; count the alerts of a rule at other thresholds")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="every signal that a rule may name, with its range and meaning")
    listing.add_argument("--json", action="store_true", help="print JSON")
    listing.set_defaults(go=_list)
    points = actions.add_parser("points", help="run a rule over recorded sessions, once for each threshold")
    points.add_argument("sessions", nargs="+", type=Path, metavar="SESSION", help="a session, or a folder of sessions")
    points.add_argument(
        "--rule",
        metavar="TEXT",
        help="as in the settings, e.g. “valence below -0.4 for 3 s” (default: hesitancy with the settings' lengths)",
    )
    points.add_argument("--thresholds", nargs="+", type=float, metavar="X", help="default: round numbers over the data")
    points.add_argument("--json", action="store_true", help="print JSON")
    points.set_defaults(go=_points)
    return parser


def _list(args: argparse.Namespace) -> int:
    from desktop_affect.signals.catalogue import SIGNALS

    if args.json:
        rows = [
            {
                "signal": signal.key,
                "label": signal.label,
                "group": signal.group.value,
                "minimum": signal.minimum,
                "maximum": signal.maximum,
                "unit": signal.unit,
                "meaning": signal.meaning,
                "experimental": signal.experimental,
            }
            for signal in SIGNALS
        ]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        print(aligned(("signal", "range", "meaning"), [(s.key, s.range_words, s.meaning) for s in SIGNALS]))
    return 0


def _points(args: argparse.Namespace) -> int:
    from desktop_affect.cli.export import session_folders
    from desktop_affect.session.points import pooled, session_points, useful_thresholds
    from desktop_affect.session.reader import read_session

    rule = _rule(args.rule)
    sessions = [read_session(folder) for folder in session_folders(args.sessions)]
    thresholds = tuple(args.thresholds or useful_thresholds(sessions, rule))
    if not all(map(math.isfinite, thresholds)):
        raise SessionError("A threshold is a number.")
    found = [(session, session_points(session, rule, thresholds)) for session in sessions]
    together = pooled([points for _, points in found])
    if args.json:
        print(json.dumps(_document(rule, found, together), ensure_ascii=False, indent=2))
    else:
        _print(rule, found, together)
    return 0


def _rule(text: str | None) -> Rule:
    """The person's, or ours for hesitancy. Raises SettingsError in words."""
    from desktop_affect.signals.chain import hesitancy_rule
    from desktop_affect.signals.rules import parse_rule
    from desktop_affect.system.settings_file import load_settings

    settings = load_settings().settings
    return hesitancy_rule(settings) if text is None else parse_rule(text, settings.number("alerts.cooldown_s"))


def _print(
    rule: Rule, found: list[tuple[Session, tuple[OperatingPoint, ...]]], together: tuple[OperatingPoint, ...]
) -> None:
    watched_s = together[0].watched_s if together else 0.0
    warning = " (experimental)" if rule.experimental else ""
    sessions = f"{len(found)} session{'s' if len(found) != 1 else ''}"
    gate = " over the quality gate" if rule.gated else ""
    print(f"{rule.name}{warning}: {sessions}, {watched_s / 60:.1f} minutes{gate}; * is the rule's own")
    head = ("threshold", "alerts", "per minute", "share of the time")
    print(aligned(head, [_cells(point, rule) for point in together]))


def _cells(point: OperatingPoint, rule: Rule) -> tuple[str, ...]:
    mark = " *" if math.isclose(point.threshold, rule.threshold) else ""
    if math.isnan(point.per_minute):
        return (f"{point.threshold:g}{mark}", str(point.alerts), "–", "–")
    return (f"{point.threshold:g}{mark}", str(point.alerts), f"{point.per_minute:.2f}", f"{point.share:.1%}")


def _document(
    rule: Rule, found: list[tuple[Session, tuple[OperatingPoint, ...]]], together: tuple[OperatingPoint, ...]
) -> dict[str, object]:
    return {
        "rule": rule.name,
        "signal": rule.signal,
        "threshold": rule.threshold,
        "experimental": rule.experimental,
        "pooled": [_facts(point) for point in together],
        "sessions": [
            {"session": str(session.path), "points": [_facts(point) for point in points]} for session, points in found
        ],
    }


def _facts(point: OperatingPoint) -> dict[str, float | int | None]:
    known = not math.isnan(point.per_minute)
    return {
        "threshold": point.threshold,
        "alerts": point.alerts,
        "per_minute": round(point.per_minute, 4) if known else None,
        "share": round(point.share, 4) if known else None,
        "watched_s": round(point.watched_s, 3),
    }
