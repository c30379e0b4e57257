"""What each part is worth: folds and figures by hand, and the whole report on a person with a known mouth."""

import json
import wave
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from speaking_person import LAG_SECONDS, speaking_track, spoken
from test_hubert import checkpoint

from likeness_research.ablation.ablate import ablate
from likeness_research.ablation.browser import OCULUS, eased, risen
from likeness_research.ablation.chain import NO_LIMITS, UNCHANGED
from likeness_research.ablation.figures import Agreement, Figures, MouthSpace
from likeness_research.ablation.regressions import around, never_turning, random_hidden, without
from likeness_research.ablation.rows import WHOLE
from likeness_research.ablation.sounds import clipped, hard_sounds, telephone, with_pause
from likeness_trainer.motion.examples import Examples
from likeness_trainer.motion.graph import Restoration
from likeness_trainer.motion.ridge import contiguous_folds
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.jobs import AblateJob, Hears
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.speech.articulation import FLITE_PHONES
from likeness_trainer.variational.fit import VariationalPlan

STEPS = 4  # of fine-tuning: what the rows are worth is not the question here
QUICK = VariationalPlan(general_steps=2, steps=4, expert_steps=2, postnet_steps=4)
FLAT = MouthSpace(np.eye(64)[:, :2])


def mouths(opening: np.ndarray) -> np.ndarray:
    """Mouths [n, 66] of which only the opening moves."""
    return np.concatenate([opening[:, None], np.zeros((len(opening), 65))], axis=1)


def test_two_frames_beside_a_block_are_purged():
    train, test = list(contiguous_folds(np.arange(10) * 0.25, 5))[2]
    assert np.flatnonzero(test).tolist() == [4, 5]
    assert np.flatnonzero(train).tolist() == [0, 1, 2, 7, 8, 9]  # frames 3 and 6 are 0.25 s away


def test_closures_are_those_worked_by_hand():
    truth, predicted = np.ones(20), np.ones(20)
    truth[[5, 12]] = 0  # the tenth of 20 frames: two
    predicted[[4, 6]] = 0  # both beside the first one, none near the second
    figures = Figures.of(mouths(truth), mouths(predicted), [np.ones(20, bool)], FLAT)
    assert figures.summary()["closure"] == {"precision": 1.0, "recall": 0.5}


def test_figures_are_those_worked_by_hand():
    wave_, other = np.array([1.0, -1, 1, -1]), np.array([1.0, 1, -1, -1])
    truth, predicted = np.zeros((4, 66)), np.zeros((4, 66))
    truth[:, 0], predicted[:, 0] = wave_, 0.5 * wave_ + 3  # r 1, half the spread
    truth[:, 1], predicted[:, 1] = wave_, other  # r 0
    truth[:, 2], predicted[:, 2] = 2 * wave_, wave_  # variance 4, r 1
    truth[:, 3], predicted[:, 3] = wave_, -wave_  # variance 1, r -1: (4 - 1) / 5
    agreement = Agreement.between(truth, predicted, FLAT)
    assert vars(agreement) == pytest.approx({"opening": 1, "width": 0, "mouthPca": 0.6, "spread": 0.5})


def test_mean_and_deviation_are_over_folds_and_ahead_is_fold_by_fold():
    def figures(*openings: float) -> Figures:
        return Figures(tuple(Agreement(r, 0.5, 0.5, 1.0) for r in openings), Agreement(0.9, 0.5, 0.5, 1.0), None, None)

    chain, part = figures(0.6, 0.8), figures(0.4, 0.4)
    summary = chain.summary()["opening"]
    assert summary == {"mean": pytest.approx(0.7), "sd": pytest.approx(0.1), "pooled": 0.9, "folds": [0.6, 0.8]}
    assert chain.ahead_of(part)["opening"] == pytest.approx({"mean": 0.3, "sd": 0.1})


def test_a_mouth_space_explains_the_mouth_it_was_found_on():
    track = speaking_track(spoken()[1])
    space = MouthSpace.of(track, track.good)
    expression = track.expression.astype(np.float64)
    assert space.axes.shape == (64, 24)
    assert space.correlation(expression, 3 * expression + 1) == pytest.approx(1)
    assert space.correlation(expression, np.zeros_like(expression)) == 0


def test_parts_left_out_are_really_out():
    x = torch.linspace(-3, 3, 50)[None, None]
    torch.testing.assert_close(Restoration(UNCHANGED)(x), x, atol=1e-4, rtol=0)
    assert Restoration(NO_LIMITS.ceiling)(x).min() > 10 and Restoration(NO_LIMITS.floor)(x).max() < -10
    track = speaking_track(spoken()[1])
    examples = Examples.of(never_turning(track), track.good)
    np.testing.assert_allclose(examples.targets[:, 2:], track.expression, atol=1e-5)
    assert np.abs(Examples.of(track, track.good).targets[:, 2:] - track.expression).max() > 0.05
    features = np.ones((3, 5), np.float32)
    assert without(features, (1, 3)).tolist() == [[1, 0, 1, 0, 1]] * 3 and features.all()


def test_a_context_is_the_signal_around_a_time():
    ramp = np.arange(300, dtype=np.float32)[:, None]  # its smoothed value is itself, away from the ends
    np.testing.assert_allclose(around(ramp, np.array([1.0]), 0.08), [[92, 96, 100, 104, 108]], atol=1e-3)


def test_the_random_encoder_is_the_same_every_time_and_leaves_the_generator_alone():
    mel = torch.randn(80, 50)
    torch.manual_seed(3)
    first, drawn = random_hidden(mel), torch.rand(1)
    torch.manual_seed(3)
    assert torch.rand(1) == drawn
    np.testing.assert_array_equal(random_hidden(mel), first)


def test_a_viseme_of_the_library_rises_and_falls_over_a_tenth_of_a_second():
    switch = np.repeat([0.0, 1.0, 0.0], [2, 15, 15])[:, None]
    shown = eased(risen(switch))[:, 0]
    assert (
        shown[1] == pytest.approx(0, abs=1e-9)
        and shown[11] == pytest.approx(1)
        and shown[16] == pytest.approx(1)
        and shown[26] == pytest.approx(0, abs=1e-9)
    )
    assert shown[6] == pytest.approx(0.5) and (np.diff(shown[2:12]) > 0).all()


def test_hard_sounds_are_what_they_are_called_and_the_same_every_time():
    own = spoken()[0][: 4 * 16000]
    first, again = hard_sounds(own), hard_sounds(own)
    assert all((a.samples == b.samples).all() and np.abs(a.samples).max() <= 1.5 for a, b in zip(first, again))
    power = {sound.id: np.sqrt(np.mean(sound.samples**2)) for sound in first}
    assert power["silence"] == 0 and 20 * np.log10(power["hiss"]) == pytest.approx(-80, abs=0.1)
    noise = first[3].samples - own
    assert 20 * np.log10(np.sqrt(np.mean(own**2) / np.mean(noise**2))) == pytest.approx(10, abs=0.1)
    spectrum = np.abs(np.fft.rfft(telephone(own))) ** 2
    assert spectrum[4 * 4100 :].sum() < 1e-3 * spectrum.sum() and (np.abs(clipped(own)) == 1).mean() > 0.005
    paused, (start, end) = with_pause(own)
    assert len(paused) == len(own) + 32000 and not paused[int(start * 16000) : int(end * 16000)].any()


def write_analysis(folder: Path, sound: np.ndarray | None, still: bool = False) -> None:
    speaking_track(spoken()[1], still).save(folder / "track.safetensors")
    if sound is None:
        return
    with wave.open(str(folder / "audio16k.wav"), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes((sound * 32767).clip(-32768, 32767).astype("<i2").tobytes())


def job(folder: Path, ffmpeg: str, **more: Any) -> AblateJob:
    return AblateJob(
        producer="",
        ffmpeg=ffmpeg,
        ffprobe="",
        source="",
        subject="speech",
        analysis_dir=folder,
        out_dir=folder / "out",
        **more,
    )


def write_visemes(folder: Path) -> Path:
    """What a browser's library would say that hears every phone of the sample's voice, 60 ms late."""
    voice, hop = load_voice("voice"), 0.016
    names = {viseme: number for number, viseme in reversed(list(enumerate(OCULUS.values())))} | {
        "lateral": 8,
        "velar": 10,
        "labiovelar": 4,
    }
    at = np.arange(int(voice.seconds / hop)) * hop + 0.016 - 0.06
    said = [next((names[FLITE_PHONES[p.name]] for p in voice.phones if p.start <= t < p.end), 14) for t in at]
    path = folder / "visemes.json"
    path.write_text(json.dumps({"library": "a library 1.0", "hopSeconds": hop, "firstSeconds": 0.016, "visemes": said}))
    return path


class Steps(Reporter):
    """Keeps what the command says of its progress; cancels itself after so many fits."""

    def __init__(self, cancel_after: int | None = None) -> None:
        super().__init__(None)
        self.stages: list[str] = []
        self.done: list[tuple[float, float]] = []
        self._cancel_after = cancel_after

    def stage(
        self, name: str, index: int, count: int, costs: Sequence[float] | None = None, **more: float | None
    ) -> None:
        super().stage(name, index, count, costs, **more)
        self.stages.append(name)

    def progress(self, done: float, total: float, unit: str, *, eta_seconds: float | None = None) -> None:
        self.done.append((done, total))
        if self._cancel_after is not None and len(self.done) > self._cancel_after:
            self.cancel()


def test_the_report_of_a_speaking_person(tmp_path: Path, ffmpeg: str):
    write_analysis(tmp_path, spoken()[0])
    reporter = Steps()
    torch.save(checkpoint(), tmp_path / "hubert.bin")
    added = {
        "hubert": tmp_path / "hubert.bin",
        "visemes": write_visemes(tmp_path),
        "hears": Hears(name="Ida <i>", analysis_dir=tmp_path),
    }
    summary = ablate(job(tmp_path, ffmpeg, **added), reporter, STEPS, QUICK)
    report = json.loads(Path(summary["report"]).read_text())
    parts = {part["id"]: part for part in report["parts"]}
    assert report["parts"] == summary["parts"] and len(parts) == 25
    assert report["lagSeconds"] == pytest.approx(LAG_SECONDS, abs=0.03)
    assert reporter.stages == ["regressions", "fine-tuning", "chain", "trials"]
    for total in (70, 20, 9, 4):
        assert [pair for pair in reporter.done if pair[1] == total] == [(done, total) for done in range(total + 1)]

    # This mouth follows the phones, with noise: what knows phones must hear more of it than loudness does.
    opening = {name: part["opening"]["mean"] for name, part in parts.items()}
    assert opening["zero-shot"] > 0.6 and opening["ridge"] > 0.6 and opening[WHOLE] > 0.6
    assert opening["loudness"] < opening["ridge"] - 0.1
    assert parts[WHOLE]["chainAhead"]["opening"] == {"mean": 0, "sd": 0}
    assert parts["loudness"]["chainAhead"]["opening"]["mean"] == pytest.approx(opening[WHOLE] - opening["loudness"])
    # Leaving the restoration out narrows the mouth; leaving out the closures changes something, and so does each input.
    assert parts["without-restoration"]["spread"]["mean"] < parts[WHOLE]["spread"]["mean"] - 0.1
    assert parts[WHOLE]["spread"]["mean"] == pytest.approx(1, abs=0.2)
    figures = [
        json.dumps([part["opening"], part["width"], part["mouthPca"], part["spread"]]) for part in report["parts"]
    ]
    assert len(set(figures)) == len(figures)

    # A library that hears every viseme of the truth knows more than MFCCs do.
    assert report["browserLibrary"] == "a library 1.0" and opening["browser"] > opening["mfcc-visemes"] > 0.1
    assert_trials(report["trials"])
    hears = report["hears"]
    assert hears["name"] == "Ida <i>" and hears["opening"]["mean"] > 0.6 and len(hears["opening"]["folds"]) == 5

    page = Path(summary["html"]).read_text()
    assert "Ida &lt;i&gt;" in page and "<i>" not in page
    assert not any(word in page for word in ("src=", "href=", "url(", "@import", "<script"))
    table = Rows()
    table.feed(page)
    assert [cells[0] for cells in table.rows if len(cells) == 7][1:] == [part["label"] for part in report["parts"]]


def assert_trials(trials: dict) -> None:
    """Of a person whose mouth follows the sample's voice."""
    sounds = {sound["id"]: sound for sound in trials["sounds"]}
    assert trials["adapted"] and len(sounds) == 10
    for silent in ("silence", "hiss", "pause"):
        assert sounds[silent]["shutInSilence"] == 1.0
    assert (
        sounds["own"]["shutInSilence"] is None
        and sounds["own"]["opening"]["high"] > 2 * sounds["silence"]["opening"]["high"]
    )
    assert trials["minutes"]["last"] == pytest.approx(trials["minutes"]["first"], abs=0.02)
    voices = {voice["id"]: voice for voice in trials["voices"]}
    heard = voices["voice"]  # the one that this mouth follows
    assert heard["bilabials"]["count"] == 14 and heard["bilabials"]["shut"] >= 10
    assert heard["openVowels"]["shut"] < heard["openVowels"]["count"] / 3
    assert len(voices) == (6 if trials["synthesiser"] else 2)


class Rows(HTMLParser):
    """The text of a page's table cells, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


@pytest.mark.parametrize(
    ("sound", "still", "code", "says"),
    [
        ("none", False, "no-audio", "no sound"),
        ("another's", False, "bad-audio", "does not belong"),
        ("own", True, "bad-audio", "too little"),
        ("silence", False, "bad-audio", "too little"),
    ],
)
def test_a_sound_that_teaches_nothing_is_refused(
    tmp_path: Path, ffmpeg: str, sound: str, still: bool, code: str, says: str
):
    own = spoken()[0]
    sounds = {"none": None, "another's": np.roll(own, 5 * 16000), "own": own, "silence": np.zeros_like(own)}
    write_analysis(tmp_path, sounds[sound], still)
    with pytest.raises(TrainerError) as error:
        ablate(job(tmp_path, ffmpeg), Reporter.silent(), steps=STEPS)
    assert error.value.code == code and says in error.value.message and error.value.hint
    assert not (tmp_path / "out").exists()


def test_it_stops_when_asked_to(tmp_path: Path, ffmpeg: str):
    write_analysis(tmp_path, spoken()[0])
    reporter = Steps(cancel_after=3)
    with pytest.raises(Cancelled):
        ablate(job(tmp_path, ffmpeg), reporter, steps=STEPS)
    assert len(reporter.done) == 4 and not (tmp_path / "out").exists()
