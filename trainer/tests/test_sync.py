"""The sync gate: own sound belongs with its lag, another's does not, and what tells too little is left open."""

import subprocess
import sys

import numpy as np
import pytest
from speaking_person import FPS, LAG_SECONDS, speaking_track, spoken

from likeness_research.gate.count import row
from likeness_research.gate.pieces import Clip, Sound, own, shifted, still_needed, swapped
from likeness_trainer.speech import SpeechGraph, analyse_speech, estimate, load_encoder
from likeness_trainer.speech.agreement import Agreement, Signal
from likeness_trainer.speech.sync import SpokenMouth, SyncEstimate, _listener, compare, likelihoods
from likeness_trainer.tracking.lips import Mouth
from likeness_trainer.tracking.track_file import Track


@pytest.fixture(scope="module")
def voice() -> tuple[np.ndarray, np.ndarray]:
    return spoken()


def mouth_of(track: Track) -> Mouth:
    return Mouth.of(track, track.good)


def test_own_sound_belongs_and_its_lag_is_found(voice):
    sound, lips = voice
    sync = estimate(sound, mouth_of(speaking_track(lips)))
    assert sync.belongs == "yes" and sync.share == 1 and sync.probability > 0.99 and sync.correlation > 0.5
    assert sync.lag_seconds == pytest.approx(LAG_SECONDS, abs=0.03)


@pytest.mark.parametrize("shift", [-0.2, 0.15])
def test_a_shifted_sound_track_moves_the_lag(voice, shift):
    sound, lips = voice
    sync = estimate(np.roll(sound, int(shift * 16000)), mouth_of(speaking_track(lips)))
    assert sync.belongs == "yes" and sync.lag_seconds == pytest.approx(LAG_SECONDS + shift, abs=0.03)


def test_sound_far_out_of_step_does_not_belong_and_its_place_is_named(voice):
    sound, lips = voice
    sync = estimate(np.roll(sound, 5 * 16000), mouth_of(speaking_track(lips)))
    assert sync.belongs == "no" and sync.share == 0
    assert sync.elsewhere_seconds == pytest.approx(5 + LAG_SECONDS, abs=0.03)


def test_another_sound_does_not_belong(voice):
    _, lips = voice
    other, _ = spoken("other-voice")
    sync = estimate(np.tile(other, 3)[: len(voice[0])], mouth_of(speaking_track(lips)))
    assert sync.belongs != "yes" and sync.probability < 0.5 and sync.share == 0 and sync.elsewhere_seconds is None


def test_too_little_to_compare_is_unknown(voice):
    sound, lips = voice
    mouth = mouth_of(speaking_track(lips))
    for audio, seen in (
        (sound, mouth_of(speaking_track(lips, still=True))),
        (np.zeros_like(sound), mouth),
        (sound[: 2 * 16000], mouth),
    ):
        assert estimate(audio, seen) == SyncEstimate("unknown", 0.5, 0.05)


def slow(seed: int, count: int) -> np.ndarray:
    """Something that moves like a mouth, at 100 Hz."""
    return np.convolve(np.random.default_rng(seed).normal(size=count), np.hanning(15), "same")


def made(link: float, seconds: float, seed: int) -> tuple[SpokenMouth, Mouth]:
    """A mouth at 25 frames a second whose opening and width go with what is heard by an r of `link`, 60 ms earlier."""
    count = round(seconds * 100)
    heard = [slow(4 * seed + k, count + 6) for k in range(2)]
    seen = [link * sound[6:] + np.sqrt(1 - link**2) * slow(4 * seed + 2 + k, count) for k, sound in enumerate(heard)]
    opening, width = (signal[::4] for signal in seen)
    return SpokenMouth(heard[0][:count], heard[1][:count]), Mouth(np.arange(len(opening)) / FPS, opening, width)


@pytest.mark.parametrize(("seconds", "told"), [(4, 0), (30, 5)])
def test_what_has_nothing_to_do_with_the_mouth_belongs_rarely(seconds, told):
    found = [compare(*made(0, seconds, seed)).belongs for seed in range(40)]
    assert found.count("yes") <= 1 and found.count("no") >= told


@pytest.mark.parametrize(("link", "told"), [(0.2, 8), (0.5, 40)])
def test_own_sound_is_rarely_called_anothers_however_weak_the_link(link, told):
    short, long = ([compare(*made(link, seconds, seed)).belongs for seed in range(40)] for seconds in (4, 30))
    assert short.count("no") <= 1 and long.count("no") <= 1
    assert short.count("yes") <= long.count("yes") and long.count("yes") >= told


def test_what_is_left_open_says_how_much_more_would_tell():
    open_ones = [sync for seed in range(30) if (sync := compare(*made(0.35, 4, seed))).belongs == "unknown"]
    assert len(open_ones) > 10
    more = [sync.more_seconds for sync in open_ones if sync.more_seconds is not None]
    assert len(more) > 0.7 * len(open_ones) and 1 < np.median(more) < 30
    for sync in open_ones:  # not at all while nothing speaks for it, nearly whole when nearly sure
        assert sync.share == pytest.approx(max(0, 2 * sync.probability - 1))


def test_chosen_frames_are_enough(voice):
    sound, lips = voice
    track = speaking_track(lips)
    assert estimate(sound, Mouth.of(track, track.split()[0])).belongs == "yes"


def test_frames_that_are_missing_are_not_made_up(voice):
    sound, lips = voice
    track = speaking_track(lips)
    some = track.good[(track.time % 2) < 1.2]
    track.aperture[(track.time % 2) >= 1.2] = 9
    sync = estimate(sound, Mouth.of(track, some))
    assert sync.belongs == "yes" and sync.lag_seconds == pytest.approx(LAG_SECONDS, abs=0.03)


def test_r_at_a_lag_is_pearsons_of_what_overlaps():
    rng = np.random.default_rng(3)
    seen, heard = rng.normal(size=400), rng.normal(size=430)
    heard[7:407] += seen
    a, b = Signal.of(seen), Signal.of(heard)
    found = Agreement.between(a, b, 0.1)
    assert found.seconds[found.r.argmax()] == pytest.approx(0.07)
    overlap = a.values, b.values[7:407]
    by_hand = (overlap[0] * overlap[1]).sum() / np.sqrt((overlap[0] ** 2).sum() * (overlap[1] ** 2).sum())
    assert found.r.max() == pytest.approx(by_hand)
    # Noise without a memory: as many samples as there are; a slow signal has fewer.
    assert found.samples[17] == pytest.approx(400, rel=0.15)
    assert Agreement.between(Signal.of(slow(1, 400)), Signal.of(slow(2, 400)), 0.1).samples[10] < 80


def test_evidence_is_bayes_rule():
    """Nothing looked at leaves what was thought before: as likely theirs as not."""
    empty = Agreement(np.arange(-600, 601) / 100, np.zeros(1201), np.full(1201, 4.0))
    theirs, unrelated, apart = np.exp(likelihoods(empty, empty))
    assert theirs + unrelated + apart == pytest.approx(1)
    assert 0.3 < theirs < 0.5 and apart < theirs


@pytest.fixture(scope="module")
def clip(voice) -> Clip:
    sound, lips = voice
    return Clip(mouth_of(speaking_track(lips)), Sound("voice", sound))


def test_pieces_are_counted(clip):
    length = 11.4
    stranger = Sound("other", np.tile(spoken("other-voice")[0], 2))
    found = [sync.belongs for sync in own(clip, length)]
    assert len(found) == len(clip.starts(length)) and found.count("no") == 0
    foreign = [*shifted(clip, length), *swapped(clip, [stranger], length)]
    assert sum(sync.belongs == "yes" for sync in foreign) <= 0.03 * len(foreign)
    assert row("own", length, own(clip, length)).startswith(f"| own | 11 s | {len(found)} | ")


def test_a_weakened_mouth_has_less_of_the_link(clip):
    other = Clip(Mouth(clip.mouth.time, slow(8, len(clip.mouth.time)), slow(9, len(clip.mouth.time))), clip.sound)
    whole = clip.seconds - 0.1
    strong, weak = (next(own(c, whole)).correlation for c in (clip, clip.weakened(other, 0.3)))
    assert weak < 0.65 * strong
    assert still_needed(clip, 0.0, clip.seconds) is None


def test_the_gate_hears_what_the_speech_graph_hears_without_pytorch():
    sound = spoken("voice")[0]
    there = analyse_speech(_listener(), sound)
    here = analyse_speech(SpeechGraph(load_encoder()[0]).eval(), sound)
    np.testing.assert_allclose(there.features, here.features, atol=1e-4)
    np.testing.assert_allclose(there.pitch, here.pitch, atol=1e-4)
    loaded = "import sys, likeness_trainer.tracking.measure; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded]).returncode == 0
