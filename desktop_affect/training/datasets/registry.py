"""Every data set by the name that experiments use."""

from __future__ import annotations

from desktop_affect.training.datasets.affectnet import AFFECTNET
from desktop_affect.training.datasets.affwild2 import AFFWILD2
from desktop_affect.training.datasets.bah import BAH
from desktop_affect.training.datasets.base import DataSet, DataSetError
from desktop_affect.training.datasets.drawn import DRAWN
from desktop_affect.training.datasets.open_faces import FER, LFW
from desktop_affect.training.datasets.rendered import RENDERED
from desktop_affect.training.datasets.rendered_films import RENDERED_FILMS
from desktop_affect.training.datasets.rendered_stills import RENDERED_MOMENTS, RENDERED_REST, RENDERED_STILLS
from desktop_affect.training.datasets.vidmimic2 import VIDMIMIC2

OPEN = (DRAWN, FER, LFW, RENDERED, RENDERED_STILLS, RENDERED_REST, RENDERED_MOMENTS, RENDERED_FILMS)
GATED = (AFFECTNET, *AFFWILD2, VIDMIMIC2, BAH)
DATA_SETS: dict[str, DataSet] = {data.name: data for data in (*OPEN, *GATED)}


def data_set(name: str) -> DataSet:
    """A data set by name; an unknown one is an error in words."""
    try:
        return DATA_SETS[name]
    except KeyError:
        known = ", ".join(DATA_SETS)
        raise DataSetError(f"There is no data set called {name}.", advice=f"Known are: {known}.") from None
