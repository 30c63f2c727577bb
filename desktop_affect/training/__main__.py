"""python -m desktop_affect.training prepare|train|evaluate|export|quantise --config X.toml"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from desktop_affect.core.errors import AffectError

EXPERIMENTS = Path(__file__).parent / "experiments"


def parser() -> argparse.ArgumentParser:
    """The options of all steps."""
    options = argparse.ArgumentParser(prog="python -m desktop_affect.training", description=__doc__)
    options.add_argument("step", choices=("prepare", "train", "evaluate", "export", "quantise"))
    options.add_argument("--config", type=Path, help="the experiment (see desktop_affect/training/experiments)")
    options.add_argument("--runs", type=Path, default=Path("runs"), help="where runs keep their things")
    options.add_argument("--again", action="store_true", help="prepare: also what has been prepared before")
    options.add_argument("--smoke", action="store_true", help="train: the whole chain on drawn faces, without data")
    options.add_argument("--into", type=Path, help="export, quantise: the model folder")
    options.add_argument(
        "--precisions", nargs="+", choices=("fp16", "int8"), default=(), help="quantise: both unless told"
    )
    options.add_argument("--version", default="0.1.0", help="export: the model's version")
    options.add_argument("--trained-on", default="", help="export: one honest sentence for the interface")
    options.add_argument("--threads", type=int, default=0, help="processor threads; 0 leaves it to torch")
    return options


def run(given: argparse.Namespace) -> None:
    """Does the step."""
    import torch

    from desktop_affect.training import commands
    from desktop_affect.training.device import keep_memory
    from desktop_affect.training.recipe import RecipeError, read_recipe
    from desktop_affect.training.smoke import smoke
    from desktop_affect.training.workspace import Workspace

    keep_memory()
    if given.threads:
        torch.set_num_threads(given.threads)
    if given.smoke:
        sys.stdout.write(smoke(given.runs) + "\n")
        return
    if given.config is None:
        raise RecipeError("No experiment was named.", advice=f"Give one with --config; see {EXPERIMENTS}.")
    recipe = read_recipe(given.config)
    workspace = Workspace(given.runs, recipe.name)
    log_into(workspace.folder / "log.txt")
    into = given.into or Path("models") / recipe.name
    if given.step == "prepare":
        commands.prepare(recipe, workspace, again=given.again)
    elif given.step == "train":
        commands.train(recipe, workspace)
    elif given.step == "evaluate":
        sys.stdout.write(commands.table(commands.evaluate(recipe, workspace)) + "\n")
    elif given.step == "quantise":
        sys.stdout.write(commands.quantise(recipe, workspace, into, given.precisions) + "\n")
    else:
        commands.export(recipe, workspace, into, given.version, given.trained_on)


def log_into(path: Path) -> None:
    """What is logged also goes into a file."""
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.getLogger().addHandler(handler)


def main(arguments: list[str] | None = None) -> int:
    """The program's exit code."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = parser().parse_args(arguments)
    try:
        run(given)
    except AffectError as error:
        sys.stderr.write(f"{error.message} {error.advice}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
