"""The order of the rules: quality → baseline → smoothing → presence → behaviour → hesitancy → alerts.

`SignalChain` implements the `Signals` port. Every method is called on the analysis thread; `calibration` and `baseline`
may be read from any thread, because they are frozen snapshots that are replaced whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType

from desktop_affect.core.errors import SettingsError
from desktop_affect.core.settings import Settings
from desktop_affect.core.types import Affect, Alert, ModelInfo, Sample
from desktop_affect.signals.alerts import Alarms
from desktop_affect.signals.baseline import Baseline, Correction
from desktop_affect.signals.behaviour import Behaviour
from desktop_affect.signals.calibration import Calibration, CalibrationState, CalibrationStatus
from desktop_affect.signals.hesitancy import Hesitancy
from desktop_affect.signals.outputs import Vector, to_affect, to_vector
from desktop_affect.signals.presence import Presence
from desktop_affect.signals.quality import QualityJudge, QualityLimits
from desktop_affect.signals.rules import Rule, parse_rules
from desktop_affect.signals.smoothing import OneEuro, SmoothingLimits

HESITANCY_RULE = "hesitancy"
NOT_FOR_THIS_MODEL = "The baseline was measured with another model and is not used."


class SignalChain:
    """What to believe, from one sample to the next. `problems` says in words what of the settings is not used."""

    def __init__(self, settings: Settings, model: ModelInfo | None = None, baseline: Baseline | None = None) -> None:
        self._settings = settings
        self._quality = QualityJudge(QualityLimits.of(settings))
        self._filter = OneEuro(SmoothingLimits.of(settings))
        self._behaviour = Behaviour.of(settings)
        self._calibration: Calibration | None = None
        self._track = -1
        self._offered: tuple[Baseline, ...] = ()
        rules, self.problems = _rules(settings)
        self._alarms = Alarms(rules)
        self.baseline: Baseline | None = None
        self.calibration: CalibrationStatus | None = None
        """None when nobody has asked for one."""
        self.on_measured: Callable[[Baseline], None] = lambda baseline: None
        """Told of every baseline that a calibration gives, on the analysis thread: return at once."""
        self.use_model(model)
        self.set_baseline(baseline)

    def use_model(self, model: ModelInfo | None) -> None:
        """Whose outputs come from now on; call it when the model is open."""
        self._model = model
        thresholds = model.thresholds if model else {}
        self._presence, self._hesitancy = Presence(thresholds), Hesitancy(thresholds)
        self._alarms.trained_hesitancy = model is not None and "hesitancy" in model.outputs
        self.set_baseline(self._best_offered() if self._offered else self.baseline)

    def offer_baselines(self, offered: Sequence[Baseline]) -> None:
        """The participant's earlier ones, newest first: from the next sample on the newest that fits the model is
        used. Without any, none is used."""
        self._offered = tuple(offered)
        self.set_baseline(self._best_offered())

    def _best_offered(self) -> Baseline | None:
        fitting = (baseline for baseline in self._offered if self._fits(baseline))
        return next(fitting, self._offered[0] if self._offered else None)

    def _fits(self, baseline: Baseline) -> bool:
        return self._model is None or baseline.model == _name(self._model)

    def set_baseline(self, baseline: Baseline | None) -> None:
        """Correct by it from the next sample on; None for raw values. Where the eyes rest is used with any model."""
        self.baseline = baseline
        self._applied = baseline if baseline is not None and self._fits(baseline) else None
        self._correction = Correction(self._applied)
        self._hesitancy.rest_is_zero(self._applied is not None)
        self._filter.reset()
        rests = baseline.centre if baseline else {}
        self._behaviour.rest_gaze(rests.get("gaze_yaw_deg", float("nan")), rests.get("gaze_pitch_deg", float("nan")))

    @property
    def baseline_problem(self) -> str:
        """Why the baseline is not used, in words; empty when it is, or when there is none."""
        return NOT_FOR_THIS_MODEL if self.baseline is not None and self._applied is None else ""

    def begin_calibration(self) -> None:
        """Measure from the next sample on; when it is done, its baseline is used. Ends one that is going on."""
        self._calibration = Calibration(self._settings.number("baseline.length_s"), self._model)
        self.calibration = self._calibration.status

    def cancel_calibration(self) -> None:
        """The baseline before stays."""
        self._calibration, self.calibration = None, None

    def judge(self, sample: Sample) -> tuple[Sample, tuple[Alert, ...]]:
        """See the `Signals` port."""
        sample = replace(sample, quality=self._quality.judge(sample))
        self._calibrate(sample)
        self._follow_person(sample)
        vector = self._filter.smooth(sample.t_s, self._correction(to_vector(sample.raw)))
        affect = None if sample.raw is None else to_affect(vector, sample.raw)
        judged = replace(
            sample,
            affect=affect,
            present=self._presence.see(vector),
            cues=MappingProxyType(self._cues(sample, affect, vector)),
            baseline_id=self._applied.id if self._applied else "",
        )
        return judged, self._alarms.see(judged, self._explain)

    def finish(self) -> tuple[Alert, ...]:
        """Ends the alerts that still last: the run is over."""
        return self._alarms.finish()

    def _calibrate(self, sample: Sample) -> None:
        if self._calibration is None:
            return
        self.calibration = self._calibration.feed(sample)
        if self.calibration.state is CalibrationState.DONE:
            self._use_measured(self._calibration.result)
        if self._calibration.over:
            self._calibration = None

    def _use_measured(self, baseline: Baseline | None) -> None:
        self._offered = ()
        self.set_baseline(baseline)
        if baseline is not None:
            self.on_measured(baseline)

    def _follow_person(self, sample: Sample) -> None:
        """Nothing is carried over from one person to another."""
        if sample.face is not None and sample.face.track != self._track:
            self._track = sample.face.track
            for part in (self._filter, self._presence, self._hesitancy):
                part.reset()

    def _cues(self, sample: Sample, affect: Affect | None, vector: Vector) -> dict[str, float]:
        if sample.face is None:
            return {}
        self._behaviour.see(sample.t_s, sample.face)
        cues = self._behaviour.cues()
        if affect is not None:
            cues |= self._hesitancy.see(sample.t_s, affect, vector, sample.face.pose, self._behaviour)
        return cues

    def _explain(self, rule: Rule) -> tuple[str, ...]:
        return self._hesitancy.reasons() if rule.signal == "hesitancy" else ()


def _name(model: ModelInfo) -> str:
    return f"{model.name} {model.version}"


def hesitancy_rule(settings: Settings) -> Rule:
    """Ours, as the settings have it."""
    return Rule(
        HESITANCY_RULE,
        "hesitancy",
        settings.number("hesitancy.threshold"),
        True,
        settings.number("hesitancy.least_s"),
        settings.number("hesitancy.hysteresis"),
        settings.number("alerts.cooldown_s"),
        experimental=True,
    )


def _rules(settings: Settings) -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    """Ours and the person's; a text that cannot be read costs the person's rules, not the run."""
    wanted = (hesitancy_rule(settings),) if settings.yes("hesitancy.alert") else ()
    try:
        return (*wanted, *parse_rules(settings.text("alerts.rules"), settings.number("alerts.cooldown_s"))), ()
    except SettingsError as error:
        return wanted, (f"{error.message} {error.advice}",)
