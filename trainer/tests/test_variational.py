"""The variational parts: a flow that can be undone, a model that learns, judges that tell true from wrong."""

import numpy as np
import pytest
import torch
from speaking_person import LAG_SECONDS, speaking_track, spoken

from likeness_trainer.motion.examples import Examples
from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.speech import SpeechGraph, analyse_speech, load_encoder
from likeness_trainer.variational.corpus import of_person, of_voices
from likeness_trainer.variational.experts import SyncExpert
from likeness_trainer.variational.fit import Recipe, fit_postnet, fit_variational
from likeness_trainer.variational.flow import Flow
from likeness_trainer.variational.postnet import speaker_basis, speaker_embedding

QUICK = Recipe(general_steps=10, steps=50, expert_steps=20, postnet_steps=60)


@pytest.fixture(scope="module")
def person():
    sound, lips = spoken()
    track = speaking_track(lips)
    encoder, _ = load_encoder()
    features = analyse_speech(SpeechGraph(encoder).eval(), sound).features
    train, held_out = track.split()
    return encoder, features, Examples.of(track, train), Examples.of(track, held_out)


def moved(flow: Flow) -> Flow:
    for parameter in flow.parameters():
        torch.nn.init.normal_(parameter, std=0.2)
    return flow


def test_a_flow_can_be_undone_and_knows_how_it_changes_volume():
    torch.manual_seed(0)
    flow, z, condition = moved(Flow(4, 3)).double(), torch.randn(2, 4, 3).double(), torch.randn(2, 3, 3).double()
    noise, change = flow(z, condition)
    torch.testing.assert_close(flow.inverse(noise, condition), z)
    assert (noise - z).abs().max() > 0.1
    jacobian = torch.autograd.functional.jacobian(lambda x: flow(x, condition[:1])[0].flatten(), z[:1]).reshape(12, 12)
    torch.testing.assert_close(torch.linalg.slogdet(jacobian)[1], change[0])


def test_an_untrained_flow_is_the_standard_normal():
    z = torch.randn(2, 4, 6)
    expected = torch.distributions.Normal(0, 1).log_prob(z).sum(dim=(1, 2))
    torch.testing.assert_close(Flow(4, 3).log_likelihood(z, torch.zeros(2, 3, 6)), expected)


def test_voices_are_articulated_in_the_persons_range(person):
    encoder, features, train, _ = person
    _, scale = of_person(features, train, LAG_SECONDS)
    for voice in of_voices(encoder, train, scale):
        opening = scale.back(voice.motion)[:, 0]
        low, high = np.quantile(train.targets[:, 0], [0.0, 1.0])
        assert low - 1e-3 <= opening.min() and opening.max() <= high + 1e-3 and opening.std() > 0.3 * train.targets[:, 0].std()


@pytest.mark.parametrize("fit", [fit_variational, fit_postnet])
def test_what_is_learned_follows_held_out_speech_and_is_the_same_every_time(person, fit):
    encoder, features, train, held_out = person
    fitted = fit(features, encoder, train, LAG_SECONDS, Reporter.silent(), QUICK)
    found = fitted(features, held_out.time + LAG_SECONDS)
    assert found.shape == held_out.targets.shape
    assert np.corrcoef(found[:, 0], held_out.targets[:, 0])[0, 1] > 0.3
    np.testing.assert_array_equal(found, fitted(features, held_out.time + LAG_SECONDS))


def test_temperature_opens_the_choice(person):
    encoder, features, train, _ = person
    fitted = fit_variational(features, encoder, train, LAG_SECONDS, Reporter.silent(), QUICK)
    cold, warm, hot = (fitted(features, train.time, temperature) for temperature in (0.0, 0.2, 1.0))
    assert 0 < np.abs(warm - cold).mean() < np.abs(hot - cold).mean()


def test_fitting_can_be_cancelled(person):
    encoder, features, train, _ = person
    reporter = Reporter.silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        fit_variational(features, encoder, train, LAG_SECONDS, reporter, QUICK)


def test_a_sync_expert_learns_to_tell_true_pairs_from_wrong_ones():
    torch.manual_seed(0)
    expert, optimiser = SyncExpert(3, 2), None
    optimiser = torch.optim.Adam(expert.parameters(), 3e-3)
    for _ in range(60):
        speech = torch.randn(8, 3, 40)
        loss = expert.contrast(speech, speech[:, :2] + 0.1 * torch.randn(8, 2, 40), 7)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    speech = torch.randn(8, 3, 40)
    with torch.no_grad():
        assert expert.agreement(speech, speech[:, :2]).mean() > expert.agreement(speech, speech[:, :2].roll(7, 2)).mean() + 0.3


def test_speakers_are_told_apart():
    basis = speaker_basis(96)
    a, b = torch.randn(300, 96), 2 * torch.randn(300, 96) + 1
    same = (speaker_embedding(a[:150], basis) - speaker_embedding(a[150:], basis)).norm()
    assert same < 0.3 * (speaker_embedding(a, basis) - speaker_embedding(b, basis)).norm()
