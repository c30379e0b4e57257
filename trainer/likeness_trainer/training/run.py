"""One training from its first step to its last: stages, losses, measurements, checkpoints, and going on after a
stop."""

from __future__ import annotations

import math
import operator
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.training.batches import Batch, Batches
from likeness_trainer.training.checkpoint import CHECKPOINT, damage_named, load_checkpoint, save_checkpoint
from likeness_trainer.training.closed import CLOSED
from likeness_trainer.training.device import Compute
from likeness_trainer.training.fast_training import FastTraining
from likeness_trainer.training.loss_log import LossLog
from likeness_trainer.training.observation import Observation
from likeness_trainer.training.pieces import Threads
from likeness_trainer.training.presets import EXPORT_SHARE, Recipe
from likeness_trainer.training.spans import RELATIVE_COST, Span, spans_of, stage_costs
from likeness_trainer.training.std_training import StdTraining

LOG_EVERY = 10
DETAIL_START_BATCHES = 32
FAST_START_BATCHES = 6
LEAST_FURTHER_STEPS = 10  # of a stage
MOST_CAUTION = 3  # times that a training goes back to its checkpoint before it ends there
FURTHER_FAST = 0.2  # of the time of a training that goes on; the renderer it follows gets the rest


class Diverged(Exception):
    """Losses or weights are no finite numbers."""


class Run:
    """The state of a training is `step`, `std` and `fast`; everything random follows from the seed and the step.

    One that diverges goes back to its last checkpoint and on from there with half the rates, in float32; after the
    third time it ends with what it had. Each of several processes (`Compute.peers`) has a run; the leader's writes.
    """

    def __init__(
        self,
        directory: Path,
        recipe: Recipe,
        belongs: dict[str, Any],
        compute: Compute,
        threads: Threads,
        batches: Batches,
        observation: Observation,
        reporter: Reporter,
    ) -> None:
        self.recipe, self.compute, self.batches = recipe, compute, batches
        self._directory, self._belongs, self._observation, self._reporter = directory, belongs, observation, reporter
        torch.manual_seed(belongs["seed"])
        self.std = StdTraining(recipe, compute, threads)
        self.fast = FastTraining(recipe, compute, threads, self.std.game)
        self.step = 0
        self.caution = 0  # times that it diverged
        self.measured: dict[str, float] = {}
        # (adversarial, fast) steps of each time the training went on after its end.
        self.further: list[tuple[int, int]] = []
        self._seconds_per_step: dict[str, float] = {}
        self._log_bytes = 0
        self._log: LossLog | None = None

    @property
    def checkpoint_path(self) -> Path:
        return self._directory / CHECKPOINT

    def spans(self) -> list[Span]:
        """Every stage in order, those of going on included."""
        return spans_of(self.recipe, self.further)

    def go_on(self, minutes: float) -> None:
        """Plans another `minutes` after the run's end: sharpness, then the fast renderer, as many steps as took that
        long before."""
        recipe = self.recipe
        base = zip(
            RELATIVE_COST, (recipe.volume_steps, recipe.refine_steps, recipe.adversarial_steps, recipe.fast_steps)
        )
        usual = 60 * (recipe.minutes - recipe.fixed_minutes) / sum(RELATIVE_COST[name] * steps for name, steps in base)
        cost = {name: self._seconds_per_step.get(name, usual * share) for name, share in RELATIVE_COST.items()}
        seconds = 60 * max(0.0, minutes - EXPORT_SHARE * recipe.fixed_minutes)
        adversarial = max(LEAST_FURTHER_STEPS, round((1 - FURTHER_FAST) * seconds / cost["adversarial"]))
        self.further.append((adversarial, max(LEAST_FURTHER_STEPS, round(FURTHER_FAST * seconds / cost["fast"]))))

    def compare_with(self, closed: AppearanceFile) -> None:
        """Measures what needs no training, which what is trained is held against; the leader's work."""
        for figure, value in self._observation.measure(closed).items():
            self.measured[CLOSED + figure] = value
            self._reporter.metric(0, "test", CLOSED + figure, value)

    def resume(self) -> None:
        """Goes back to the last checkpoint; a run stopped before its first one starts anew."""
        if not self.checkpoint_path.exists():
            return
        content = load_checkpoint(self.checkpoint_path, self._belongs, self.compute.device)
        with damage_named():
            self._take_over(content)

    def _take_over(self, content: dict[str, Any]) -> None:
        self.step = operator.index(content["step"])
        self.caution = operator.index(content.get("caution", 0))
        self.std.restore(content["std"])
        self.fast.restore(content["fast"])
        self.measured = content["measured"]
        self.further = [(operator.index(one), operator.index(other)) for one, other in content.get("further", [])]
        self._seconds_per_step = dict(content.get("seconds_per_step", {}))
        self._log_bytes = operator.index(content["log_bytes"])
        # The same arithmetic as before, or the curve would bend at the seam.
        precision = torch.bfloat16 if content["precision"] == "bfloat16" else None
        self._compute_in(precision)

    def _compute_in(self, precision: torch.dtype | None) -> None:
        self.compute = self.std.compute = self.fast.compute = replace(self.compute, precision=precision)
        self.std.rate = self.fast.rate = 0.5**self.caution

    def finish(self, stages: tuple[str, ...]) -> None:
        """Trains every step that is left, opening the reporter's stages by their place in `stages`.

        Raises Cancelled, and torch.OutOfMemoryError when single frames are too much for the GPU.
        """
        if self.compute.peers.leads:
            self._open_log()
        try:
            self.save()  # somewhere to go back to; and how many steps are still to come is fixed now
            while self.caution <= MOST_CAUTION and self.step < self.spans()[-1].stop:
                self._train_on(stages)
        except Cancelled:
            if self._healthy():
                self.save()
            raise
        finally:
            if self._log is not None:
                self._log.close()

    def _open_log(self) -> None:
        self._log = LossLog(self._directory / "log.ndjson", self._log_bytes)

    def _train_on(self, stages: tuple[str, ...]) -> None:
        """To the end, or to where something has to change first."""
        try:
            for place, span in enumerate(self.spans()):
                if self.step >= span.stop:
                    continue
                self._reporter.stage(span.name, stages.index(span.name), len(stages), stage_costs(self.recipe))
                if self.step == 0:
                    self.std.start_from(self._some_pieces(DETAIL_START_BATCHES))
                if span.name == "fast" and self.step == span.first and place < len(RELATIVE_COST):
                    self.fast.start_from(self.std.average, self._some_pieces(FAST_START_BATCHES))
                self._train(span)
                self._keep()
        except Diverged:
            self._go_back()
        except torch.OutOfMemoryError:
            self._cut_smaller()

    def _go_back(self) -> None:
        at = self.step
        self.compute.peers.any(False)  # the leader may still be writing what all read now
        self._take_over(load_checkpoint(self.checkpoint_path, self._belongs, self.compute.device))
        self.compute.peers.any(False)
        self.caution += 1
        self._compute_in(None)
        if self._log is not None:
            self._log.close()
            self._open_log()
        self.save()
        ends = self.caution > MOST_CAUTION
        self._reporter.warning(
            "diverged",
            f"The training lost its way at step {at}: it is back at step {self.step}.",
            "It ends there, and the avatar is made of what it had."
            if ends
            else "It goes on from there by itself, more carefully.",
        )

    def _cut_smaller(self) -> None:
        """For the handler of an OutOfMemoryError: raises it again when nothing can be made smaller."""
        if self.compute.peers.count > 1 or not self.batches.cut_smaller():
            raise
        if self.compute.device.type == "cuda":
            torch.cuda.empty_cache()
        self._reporter.warning(
            "out-of-memory",
            "The GPU's memory is too small for this many frames at once.",
            "The training goes on with half as many at a time, which takes longer. Closing other programs helps.",
        )

    def _some_pieces(self, batches: int) -> list[Batch]:
        """Of batches of the run's beginning that lie apart; the same ones in every process."""
        return [piece for k in range(0, batches * 7, 7) for piece in self.batches.at(k, every=True)]

    def _train(self, span: Span) -> None:
        name, stop = span.name, span.stop
        model = self.fast if name == "fast" else self.std
        model.length = span.length
        saved = begun = time.monotonic()
        done_before = self.step
        for step, pieces in self.batches.ahead(self.step, stop):
            if self.compute.peers.any(self._reporter.cancelled):
                raise Cancelled
            parts = model.step(span.place(step), pieces)
            self.step = step + 1
            if self.step % LOG_EVERY == 0 or self.step == stop:
                self._record(name, parts)
            self._look(name, stop)
            now = time.monotonic()
            self._seconds_per_step[name] = (now - begun) / (self.step - done_before)
            self._reporter.progress(
                self.step - span.first, stop - span.first, "steps", eta_seconds=self._seconds_left(name, stop)
            )
            if self._log is not None and now - saved > self.recipe.checkpoint_seconds:
                if self._healthy():  # if not, the next losses say so to all processes
                    self.save()
                saved = time.monotonic()

    def _record(self, name: str, losses: dict[str, Tensor]) -> None:
        """Raises Diverged, in all processes or none."""
        parts = self.compute.peers.total(losses)
        if not all(map(math.isfinite, parts.values())):
            raise Diverged
        if self._log is None:
            return
        total = sum(value for part, value in parts.items() if part != "discriminator")
        self._log.append(self.step, name, {"loss": total, **parts})
        for part, value in {"loss": total, **parts}.items():
            self._reporter.metric(self.step, "train", part, value)

    def _look(self, name: str, stop: int) -> None:
        """Proof and held-out figures when their turn comes, and at a stage's end; the leader's work."""
        if self._log is None:
            return
        last = self.step == stop
        model = self.fast.average if name == "fast" else self.std.best(self.step)
        if last or self.step % self.recipe.proof_steps == 0:
            path = self._directory / f"proof-{self.step:06d}.jpg"
            self._observation.proof(model, path)
            self._reporter.proof(self.step, path)
        if last or self.step % self.recipe.measure_steps == 0:
            prefix = "fast_" if name == "fast" else ""
            for figure, value in self._observation.measure(model).items():
                self.measured[prefix + figure] = value
                self._reporter.metric(self.step, "test", prefix + figure, value)

    def _seconds_left(self, name: str, stop: int) -> float:
        """For the rest of this stage, the stages after it at their relative cost, and the export."""
        unit = self._seconds_per_step[name] / RELATIVE_COST[name]
        after = sum(RELATIVE_COST[span.name] * (span.stop - span.first) for span in self.spans() if span.first >= stop)
        return unit * (RELATIVE_COST[name] * (stop - self.step) + after) + 60 * self.recipe.fixed_minutes * EXPORT_SHARE

    def _healthy(self) -> bool:
        models = (self.std.model, self.std.average, self.fast.model, self.fast.average)
        return all(bool(torch.isfinite(weights).all()) for model in models for weights in model.parameters())

    def _keep(self) -> None:
        """A checkpoint of a training that is well. Raises Diverged."""
        if not self._healthy():
            raise Diverged
        self.save()

    def save(self) -> None:
        """A checkpoint of everything that the next step depends on; the leader's work."""
        if self._log is None:
            return
        save_checkpoint(
            self.checkpoint_path,
            {
                "belongs": self._belongs,
                "step": self.step,
                "caution": self.caution,
                "std": self.std.state(),
                "fast": self.fast.state(),
                "measured": self.measured,
                "further": [list(steps) for steps in self.further],
                "seconds_per_step": self._seconds_per_step,
                "log_bytes": self._log.size(),
                "precision": "bfloat16" if self.compute.precision is torch.bfloat16 else "float32",
            },
        )
        self._log_bytes = self._log.size()
        if self.step > 0:  # before that there is nothing to look at
            self._reporter.checkpoint(self.step)
