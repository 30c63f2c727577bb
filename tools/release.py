"""`python -m tools.release`: everything that a release needs, in one command.

    --dry-run   checks, packages, the built application and its smoke test, papers, checksums: in a scratch folder alone
    (nothing)   the same into dist/release, from a changelog section of this version, and then an annotated tag
    --check     version, changelog; with --tag v1.2.3 also that the tag is this version
    --notes V   prints the changelog's section of a version

The builds of the other systems come from the workflow that the pushed tag starts.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path

import desktop_affect
from installer import environment, legal, metadata, smoke_test
from installer.build import started_from
from installer.sizes import LIMIT_PACKED_MB, LIMIT_UNPACKED_MB, MB, measure, table

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
UNRELEASED = "Unreleased"


class ReleaseError(Exception):
    """Why this cannot be released, in words."""


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.release", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--dry-run", action="store_true", help="change nothing outside a scratch folder")
    parser.add_argument("--check", action="store_true", help="version and changelog alone")
    parser.add_argument("--tag", default="", help="with --check: the tag that must be this version")
    parser.add_argument("--notes", default="", metavar="V", help="print the changelog's section of this version")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="with --dry-run: leave the files there")
    args = parser.parse_args(argv)
    try:
        return _go(args)
    except ReleaseError as error:
        print(f"not released: {error}", file=sys.stderr)
        return 1


def _go(args: argparse.Namespace) -> int:
    if args.notes:
        print(section(changelog(), args.notes.removeprefix("v")))
    elif args.check:
        check_version(args.tag)
    elif args.dry_run:
        with tempfile.TemporaryDirectory(prefix="release-") as scratch:
            release(args.keep or Path(scratch), dry=True)
    else:
        release(ROOT / "dist" / "release", dry=False)
        _git("tag", "-a", f"v{desktop_affect.__version__}", "-m", f"Desktop Affect {desktop_affect.__version__}")
        print(f"tagged; now: git push origin v{desktop_affect.__version__}")
    return 0


def release(output: Path, *, dry: bool) -> None:
    """All the steps; raises ReleaseError at the first that fails."""
    before = tree()
    if before:
        raise ReleaseError(f"there are changes that are not committed:\n{before}")
    check_version()
    notes = section(changelog(), UNRELEASED if dry else desktop_affect.__version__)
    output = output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="release-work-") as work:
        for name, step in (("packages", packages), ("application", application)):
            began_s = time.monotonic()
            step(Path(work), output)
            print(f"{name}: {time.monotonic() - began_s:.0f} s", flush=True)
    (output / "NOTES.md").write_text(notes + "\n", encoding="utf-8")
    checksums(output)
    if tree() != before:
        raise ReleaseError(f"the release changed the tree:\n{tree()}")
    print(f"Desktop Affect {desktop_affect.__version__} can be released: {output}")


# The steps.


def check_version(tag: str = "") -> None:
    """One version everywhere, and something to say about it."""
    version = desktop_affect.__version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if project != version:
        raise ReleaseError(f"pyproject.toml says {project}, desktop_affect/__init__.py says {version}")
    metadata.version_numbers(version)
    if tag and tag != f"v{version}":
        raise ReleaseError(f"the tag is {tag}, the version {version}")
    section(changelog(), version if tag else None)
    print(f"version {version}: consistent")


def changelog() -> str:
    return (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def section(text: str, version: str | None) -> str:
    """The section of a version; of this version or the unreleased one, when none is named. Raises ReleaseError."""
    wanted = [version] if version else [desktop_affect.__version__, UNRELEASED]
    for name in wanted:
        found = re.search(rf"^## \[?{re.escape(name)}\]?.*?$\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        if found and found[1].strip():
            return found[1].strip()
    raise ReleaseError(f"CHANGELOG.md says nothing of {' or '.join(wanted)}")


def packages(work: Path, output: Path) -> None:
    """Wheel and source, in an environment of their own."""
    folder = work / "packages"
    venv.create(folder, with_pip=True)
    python = environment.interpreter(folder)
    _run([str(python), "-m", "pip", "install", "--quiet", "build"])
    _run([str(python), "-m", "build", "--outdir", str(output), str(ROOT)], quiet=True)


def application(work: Path, output: Path) -> None:
    """The build for this system, smoke-tested, packed, its papers beside it."""
    python = environment.make(work / "environment")
    _run([str(python), "-m", "installer.build", "--output", str(work / "dist")], cwd=ROOT)
    built = next(path for path in (work / "dist").iterdir() if path.is_dir())
    _smoke(built, work)
    archive = next(path for path in (work / "dist").iterdir() if path.is_file())
    _check_room(built, archive)
    shutil.move(str(archive), output)
    for name in (legal.NOTICES_FILE, legal.SBOM_FILE):
        paper = next(built.rglob(f"legal/{name}"))
        shutil.copy2(paper, output / f"desktop-affect-{metadata.VERSION}-{metadata.platform_tag()}-{name}")


def _smoke(built: Path, work: Path) -> None:
    try:
        smoke_test.smoke(started_from(built), work / "smoke")
    except smoke_test.SmokeError as error:
        raise ReleaseError(f"the smoke test failed: {error}") from error


def _check_room(built: Path, archive: Path) -> None:
    sizes, packed = measure(built), archive.stat().st_size
    print(table(sizes), f"{'packed':<28} {packed / MB:8.1f} MB", sep="\n", flush=True)
    if sum(sizes.values()) > LIMIT_UNPACKED_MB * MB or packed > LIMIT_PACKED_MB * MB:
        raise ReleaseError(f"it is larger than {LIMIT_UNPACKED_MB} MB unpacked or {LIMIT_PACKED_MB} MB packed")


def checksums(output: Path) -> None:
    """SHA256SUMS, as `sha256sum --check` reads it."""
    files = sorted(path for path in output.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (output / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")
    print("".join(lines), end="", flush=True)


def tree() -> str:
    """What git sees as changed; empty for a clean tree."""
    return _git("status", "--porcelain")


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ReleaseError(f"git {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def _run(command: Sequence[str], *, cwd: Path = ROOT, quiet: bool = False) -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=cwd, env=environ, capture_output=quiet, text=True, check=False)
    if done.returncode != 0:
        raise ReleaseError(
            f"{' '.join(command[1:4])} ended with {done.returncode}{': ' + done.stderr if quiet else ''}"
        )


if __name__ == "__main__":
    sys.exit(main())
