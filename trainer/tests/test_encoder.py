"""The pretrained encoder and what it was taught."""

import hashlib
import re

import numpy as np
import pytest
import torch
from speaking_person import spoken

from likeness_research.encoder.augment import augment
from likeness_research.encoder.corpus import Utterance, phones_of
from likeness_research.encoder.pretrain import CLOSING, GENERAL, Pretraining, pretrain, segment
from likeness_research.encoder.sentences import sentences
from likeness_trainer.protocol import TrainerError
from likeness_trainer.speech import Layout, SpeechGraph, analyse_speech, load_encoder
from likeness_trainer.speech.articulation import FLITE_PHONES, LIP_TARGETS, VISEMES, Phone, lip_track, viseme_track
from likeness_trainer.speech.encoder import ChannelNorm, SoundNorm, SpeechEncoder, Tower
from likeness_trainer.speech.sizes import CHANNELS, CLOSING_CHANNELS, CONTEXT_FRAMES, ENCODER_PATH


def test_the_weights_are_the_ones_the_readme_records():
    recorded = re.search(r"[0-9a-f]{64}", (ENCODER_PATH.parent / "README.md").read_text(encoding="utf-8"))
    assert recorded and recorded.group() == hashlib.sha256(ENCODER_PATH.read_bytes()).hexdigest()


def test_missing_weights_say_how_to_get_them(tmp_path):
    with pytest.raises(TrainerError) as failure:
        load_encoder(tmp_path / "encoder.safetensors")
    assert failure.value.code == "bad-checkpoint" and "pretrain" in failure.value.hint


@pytest.mark.parametrize("name", ["voice", "other-voice"])
def test_it_hears_the_lips_of_sentences_it_never_saw(name):
    sound, lips = spoken(name)
    heard = analyse_speech(SpeechGraph(load_encoder()[0]).eval(), sound).features[:, Layout.lips]
    assert np.corrcoef(heard[:, 0], lips[:, 0])[0, 1] > 0.7
    closed = lips[:, 4] > 0.8
    assert heard[closed, 4].mean() > heard[~closed, 4].mean() + 0.3


def test_the_norm_of_a_sound_keeps_channels_apart_and_forgets_its_scale():
    torch.manual_seed(0)
    norm, sound = SoundNorm(4), torch.randn(2, 4, 50) * torch.tensor([1.0, 2.0, 3.0, 4.0])[:, None]
    torch.testing.assert_close(norm(sound), norm(3 * sound + 5), atol=1e-4, rtol=1e-4)
    deviations = norm(sound).std(dim=(0, 2))
    assert (deviations.diff() > 0.1).all()


def test_a_frame_hears_nothing_beyond_its_context():
    torch.manual_seed(0)
    encoder = SpeechEncoder().eval()
    mel = torch.randn(1, 80, 200)
    changed = mel.clone()
    changed[..., 100 + CONTEXT_FRAMES + 1 :] = 9
    changed[..., : 100 - CONTEXT_FRAMES] = -9
    with torch.no_grad():
        assert torch.equal(encoder.hidden(mel)[..., 100], encoder.hidden(changed)[..., 100])
        changed[..., 100 + CONTEXT_FRAMES] = 9
        assert not torch.equal(encoder.hidden(mel)[..., 100], encoder.hidden(changed)[..., 100])


@pytest.mark.parametrize("norm", [ChannelNorm, SoundNorm])
def test_a_folded_tower_is_the_same_function(norm):
    torch.manual_seed(0)
    tower, mel = Tower(norm), torch.randn(2, 80, 60)
    for _ in range(5):
        tower(mel * 2 + 1)  # moves the running statistics
    tower.eval()
    with torch.no_grad():
        for expected, found in zip(tower(mel), tower.folded()(mel)):
            torch.testing.assert_close(found, expected, atol=1e-4, rtol=1e-4)
    assert not any("norm" in name for name in tower.folded().state_dict())


def test_the_encoder_is_its_towers_side_by_side():
    torch.manual_seed(0)
    encoder, mel = SpeechEncoder().eval(), torch.randn(1, 80, 60)
    with torch.no_grad():
        visemes, lips = encoder(mel)
        apart = [tower(mel) for tower in encoder.towers]
        assert encoder.hidden(mel).shape == (1, CHANNELS, 60)
        assert encoder.closing_hidden(mel).shape == (1, CLOSING_CHANNELS, 60)
    torch.testing.assert_close(visemes, sum(scores for scores, _ in apart) / 3)
    torch.testing.assert_close(lips, sum(heard for _, heard in apart) / 3)


def test_lips_close_on_bilabials_and_open_on_open_vowels():
    phones = [Phone(0, 0.2, "silence"), Phone(0.2, 0.4, "open"), Phone(0.4, 0.5, "bilabial"), Phone(0.5, 0.7, "open")]
    lips = lip_track(phones, 71)
    assert lips[30, 0] > 0.6 and lips[60, 0] > 0.6
    assert lips[40:48, 0].max() < 0.1 and lips[44, 4] > 0.6
    np.testing.assert_array_equal(viseme_track(phones, 71)[[5, 30, 45, 60, 70]], [0, 13, 1, 13, 0])


def test_every_viseme_has_targets_and_every_phone_a_viseme():
    assert set(LIP_TARGETS) == set(VISEMES)
    assert set(FLITE_PHONES.values()) == set(VISEMES)
    phones = phones_of("pau:0.195 p:0.273 l:0.308 iy:0.483 z:0.558 ")
    assert phones[1] == Phone(0.195, 0.273, "bilabial") and phones[-1].viseme == "sibilant"


def test_sentences_are_distinct_and_the_same_for_the_same_seed():
    first, second = ([s for s, _ in zip(sentences(3), range(300))] for _ in range(2))
    assert first == second and len(set(first)) == 300
    assert not any("{" in sentence for sentence in first)


def utterance(rng: np.random.Generator) -> Utterance:
    """A toy language of two sounds: a low one that opens the lips and a high one that closes them."""
    phones, end = [], 0.0
    mel = np.full((300, 80), -9.0, np.float32)
    while end < 2.8:
        start, end = end, end + rng.uniform(0.1, 0.25)
        viseme = VISEMES[int(rng.choice([1, 13]))]
        phones.append(Phone(start, end, viseme))
        mel[round(start * 100) : round(end * 100), slice(10, 40) if viseme == "open" else slice(40, 70)] = -1
    mel += rng.normal(0, 0.3, mel.shape).astype(np.float32)
    return Utterance(mel, viseme_track(phones, 300), lip_track(phones, 300))


@pytest.mark.parametrize("kind", [GENERAL, CLOSING])
def test_a_segment_keeps_sound_and_labels_together(kind):
    rng = np.random.default_rng(0)
    mel, visemes, lips, mask = segment(utterance(rng), kind, 160, rng)
    assert mel.shape == (160, 80) and lips.shape == (160, 5) and 100 < mask.sum() <= 160
    assert np.corrcoef(visemes[mask > 0] == 13, lips[mask > 0, 0])[0, 1] > 0.7
    assert augment(utterance(rng).mel, rng).dtype == np.float32


def test_pretraining_learns_and_is_reproducible(capsys):
    rng = np.random.default_rng(0)
    voices = {"toy": [utterance(rng) for _ in range(12)]}
    plan = Pretraining(held_out=3, towers=2, steps=40, closing_towers=1, closing_steps=40, batch=8)
    first, quantiles = pretrain(plan, voices, voices)
    second, _ = pretrain(plan, voices, voices)
    assert all(torch.equal(a, b) for a, b in zip(first.state_dict().values(), second.state_dict().values()))
    accuracies = re.findall(r"(?:all towers:|tower 0 step 40) .*?viseme accuracy ([\d.]+)", capsys.readouterr().out)
    assert len(accuracies) == 6 and min(map(float, accuracies)) > 0.8
    assert (quantiles.diff(dim=1) >= 0).all()
