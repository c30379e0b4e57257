"""What the person's finished chain does with sounds and voices it was not fitted on."""

from __future__ import annotations

import math
import shutil
from dataclasses import asdict
from itertools import islice
from typing import Any

import numpy as np

from likeness_research.ablation.hearing import Hearing, Openings
from likeness_research.ablation.sounds import Sound, hard_sounds
from likeness_research.ablation.subject import FOLDS, Subject
from likeness_research.encoder.corpus import VOICES, speak
from likeness_research.encoder.sentences import sentences
from likeness_trainer.metrics.mouth import closure
from likeness_trainer.motion.ridge import contiguous_folds
from likeness_trainer.protocol import Reporter
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.speech.articulation import FLITE_PHONES, Phone
from likeness_trainer.speech.sizes import SAMPLE_RATE
from likeness_trainer.speech.sync import correlation

MARGIN_CM = 0.05  # a shut mouth differs by as much from one shut frame to the next
MINUTES, MINUTE_SECONDS = 10, 60.0
SENTENCES, SENTENCE_SEED = 6, 1_000_003  # of each voice; the encoder's corpus has other seeds
SHIPPED = {"voice": "The sample's voice (slt)", "other-voice": "the sample's other voice (rms)"}
AROUND_SECONDS = 0.04  # a frame beside a phone still belongs to it


def on_hard_sounds(hearing: Hearing, subject: Subject, reporter: Reporter) -> dict[str, Any]:
    """Openings of every sound, and of ten minutes. Raises Cancelled."""
    found = []
    for sound in hard_sounds(subject.audio):
        reporter.check_cancelled()
        found.append(heard_by(hearing, sound))
    return {"own": asdict(hearing.own), "sounds": found, "minutes": ten_minutes(hearing, subject.audio)}


def heard_by(hearing: Hearing, sound: Sound) -> dict[str, Any]:
    """How far the mouth opens; how often further than the person's, or less; and how often it is shut where nothing
    sounds."""
    seconds, own = hearing.frames(sound.samples), hearing.own
    opening = hearing.mouth(sound.samples, seconds)[:, 0]
    silent = np.zeros(len(seconds), bool)
    if sound.silent is not None:
        silent = (seconds >= sound.silent[0]) & (seconds <= sound.silent[1])
    return {
        "id": sound.id,
        "label": sound.label,
        "opening": asdict(Openings.of(opening)),
        "above": float((opening > own.high).mean()),
        "below": float((opening < own.low - MARGIN_CM).mean()),
        "shutInSilence": float((opening[silent] <= own.shut).mean()) if silent.any() else None,
    }


def ten_minutes(hearing: Hearing, own: np.ndarray) -> dict[str, float]:
    """Mean opening in the first, fifth and last minute of the person's sound said again and again.

    A minute is as many whole repetitions as fill one, so that each hears the same.
    """
    once = own[: int(MINUTE_SECONDS * SAMPLE_RATE)]
    once = once[: len(once) // SAMPLE_RATE * SAMPLE_RATE]
    minute = math.ceil(MINUTE_SECONDS * SAMPLE_RATE / len(once)) * (len(once) // SAMPLE_RATE)
    sound = np.resize(once, MINUTES * minute * SAMPLE_RATE)
    opening = hearing.mouth(sound, np.arange(MINUTES * minute * 25) / 25)[:, 0].reshape(MINUTES, -1).mean(axis=1)
    return {
        "first": float(opening[0]),
        "fifth": float(opening[4]),
        "last": float(opening[-1]),
        "seconds": MINUTES * minute,
    }


def on_voices(hearing: Hearing, reporter: Reporter) -> dict[str, Any]:
    """Do the lips meet on p, b and m? Phones are known; open vowels are the counter-check. Raises Cancelled."""
    found = []
    for name, label in SHIPPED.items():
        voice = load_voice(name)
        said = [(voice.samples, [Phone(p.start, p.end, FLITE_PHONES[p.name]) for p in voice.phones])]
        found.append({"id": name, "label": label, **closed_on(hearing, said)})
    synthesiser = shutil.which("flite") is not None
    for voice in VOICES if synthesiser else ():
        reporter.check_cancelled()
        said = [speak(sentence, voice, 1.0) for sentence in islice(sentences(SENTENCE_SEED), SENTENCES)]
        found.append(
            {
                "id": f"flite-{voice}",
                "label": f"{SENTENCES} new sentences by flite's {voice}",
                **closed_on(hearing, said),
            }
        )
    return {"voices": found, "synthesiser": synthesiser}


def closed_on(hearing: Hearing, said: list[tuple[np.ndarray, list[Phone]]]) -> dict[str, Any]:
    """Of the bilabials and of the open vowels of sentences: how many there are, how many shut the mouth."""
    shut: dict[str, list[bool]] = {"bilabial": [], "open": []}
    for samples, phones in said:
        seconds = hearing.frames(samples)
        opening = hearing.mouth(samples, seconds)[:, 0]
        for phone in phones:
            near = (seconds >= phone.start - AROUND_SECONDS) & (seconds <= phone.end + AROUND_SECONDS)
            if phone.viseme == "open":  # at its heart: its ends may belong to a bilabial
                near = np.arange(len(seconds)) == np.argmin(np.abs(seconds - (phone.start + phone.end) / 2))
            if phone.viseme in shut and near.any():
                shut[phone.viseme].append(bool(opening[near].min() <= hearing.own.shut))
    return {
        name: {"count": len(of), "shut": sum(of)}
        for name, of in (("bilabials", shut["bilabial"]), ("openVowels", shut["open"]))
    }


def across(hearing: Hearing, other: Subject, name: str) -> dict[str, Any]:
    """The chain hears somebody else's sound: does the mouth move as theirs did? Fold means, deviations and all
    frames."""
    mouth, truth = hearing.mouth(other.audio, other.heard), other.truth
    tests = [test for _, test in contiguous_folds(other.track.time[other.frames], FOLDS)]
    precision, recall = closure(mouth[:, 0], truth[:, 0])

    def r(column: int) -> dict[str, Any]:
        folds = [correlation(mouth[test, column], truth[test, column]) for test in tests]
        pooled = correlation(mouth[:, column], truth[:, column])
        return {"mean": float(np.mean(folds)), "sd": float(np.std(folds)), "pooled": pooled, "folds": folds}

    opening = asdict(Openings.of(mouth[:, 0]))
    return {
        "name": name,
        "opening": r(0),
        "width": r(1),
        "closure": {"precision": precision, "recall": recall},
        "range": opening,
    }
