"""The variational parts: a flow that can be undone, a model that learns, judges that tell true from wrong."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from speaking_person import LAG_SECONDS, speaking_track, spoken

from likeness_trainer.motion.examples import Examples
from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.speech import SpeechGraph, analyse_speech, load_encoder, sample_at
from likeness_trainer.variational.corpus import Batches, of_person, of_voices
from likeness_trainer.variational.experts import SyncExpert
from likeness_trainer.variational.fit import VariationalPlan, fit_postnet, fit_variational
from likeness_trainer.variational.flow import Flow
from likeness_trainer.variational.model import HIDDEN, LATENT, Context
from likeness_trainer.variational.postnet import speaker_basis, speaker_embedding
from likeness_trainer.variational.variation import (
    LATENT_ROWS,
    LIVELY,
    VariationGraph,
    export_variation,
    fit_variation,
    fullest,
    lively_gains,
)

QUICK = VariationalPlan(general_steps=10, steps=50, expert_steps=20, postnet_steps=60)


@pytest.fixture(scope="module")
def person():
    sound, lips = spoken()
    track = speaking_track(lips)
    encoder, _ = load_encoder()
    features = analyse_speech(SpeechGraph(encoder).eval(), sound).features
    train, held_out = track.split()
    return encoder, features, Examples.of(track, train), Examples.of(track, held_out)


@pytest.fixture(scope="module")
def fitted(person):
    """The variational model of the person after a few steps."""
    encoder, features, train, _ = person
    return fit_variational(features, encoder, train, LAG_SECONDS, Reporter.silent(), QUICK)


@pytest.fixture(scope="module")
def postnet(person):
    encoder, features, train, _ = person
    return fit_postnet(features, encoder, train, LAG_SECONDS, Reporter.silent(), QUICK)


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


def thinned(examples: Examples, keep: np.ndarray) -> Examples:
    return Examples(examples.time[keep], examples.targets[keep], examples.importance)


def test_a_video_of_few_frames_a_second_is_known_all_along_and_one_of_short_pieces_nowhere(person):
    encoder, features, train, _ = person
    assert (
        len(Batches.usable(of_person(features, thinned(train, np.arange(0, len(train.time), 3)), LAG_SECONDS)[0])) > 100
    )
    pieces = thinned(train, np.flatnonzero(train.time % 2 < 0.8))
    assert not Batches.usable(of_person(features, pieces, LAG_SECONDS)[0])
    assert fit_variation(spoken()[0], encoder, pieces, LAG_SECONDS, Reporter.silent(), 0, 0.1) is None


def test_the_fullest_stretch_holds_most_moments():
    assert fullest(np.array([0.0, 1, 2, 50, 50.5, 51, 51.5, 90]), 5.0) == (3, 7)
    assert fullest(np.array([3.0]), 5.0) == (0, 1)


def test_voices_are_articulated_in_the_persons_range(person):
    encoder, features, train, _ = person
    _, scale = of_person(features, train, LAG_SECONDS)
    for voice in of_voices(encoder, train, scale):
        opening = scale.back(voice.motion)[:, 0]
        low, high = np.quantile(train.targets[:, 0], [0.0, 1.0])
        assert (
            low - 1e-3 <= opening.min()
            and opening.max() <= high + 1e-3
            and opening.std() > 0.3 * train.targets[:, 0].std()
        )


@pytest.mark.parametrize("model", ["fitted", "postnet"])
def test_what_is_learned_follows_held_out_speech_and_is_the_same_every_time(person, model, request):
    _, features, _, held_out = person
    learned = request.getfixturevalue(model)
    found = learned(features, held_out.time + LAG_SECONDS)
    assert found.shape == held_out.targets.shape
    assert np.corrcoef(found[:, 0], held_out.targets[:, 0])[0, 1] > 0.3
    np.testing.assert_array_equal(found, learned(features, held_out.time + LAG_SECONDS))


def test_temperature_opens_the_choice(person, fitted):
    _, features, train, _ = person
    cold, warm, hot = (fitted(features, train.time, temperature) for temperature in (0.0, 0.2, 1.0))
    assert 0 < np.abs(warm - cold).mean() < np.abs(hot - cold).mean()


@pytest.fixture(scope="module")
def varied(person, fitted):
    """A graph, features [1, T, F], noise [1, 16, ceil(T / 16)] and what the model itself makes of it."""
    _, features, _, _ = person
    sound = torch.from_numpy(features)[None, : 74 * LATENT_ROWS]
    noise = torch.randn(
        1, LATENT, -(-sound.shape[1] // LATENT_ROWS), generator=torch.Generator().manual_seed(QUICK.seed)
    )
    return VariationGraph(fitted).eval(), sound, noise, fitted


def shifted(graph: VariationGraph, features: torch.Tensor, noise: torch.Tensor) -> np.ndarray:
    with torch.no_grad():
        return graph(features, noise)[0].numpy()


def test_a_shift_is_what_is_drawn_less_what_is_likely_and_nothing_without_noise(varied):
    graph, features, noise, fitted = varied
    sound, rows = features[0].numpy(), np.arange(0, features.shape[1], 7)
    expected = fitted(sound, rows / 100, 1.0) - fitted(sound, rows / 100, 0.0)
    found = shifted(graph, features, noise)[rows]
    np.testing.assert_allclose(found, expected * graph.gains.flatten().numpy(), atol=1e-3)
    assert found.std(axis=0)[:2].min() > 0
    assert not shifted(graph, features, 0 * noise).any()


def test_noise_of_deviation_one_moves_each_target_by_the_same_share_of_its_own_spread(person, varied):
    _, features, train, _ = person
    graph, _, _, fitted = varied
    gains = lively_gains(graph, features, train, LAG_SECONDS)
    lively = VariationGraph(fitted, gains).eval()
    sound = torch.from_numpy(features)[None]
    noise = torch.randn(3, 1, LATENT, -(-sound.shape[1] // LATENT_ROWS), generator=torch.Generator().manual_seed(9))
    shifts = np.concatenate([sample_at(shifted(lively, sound, one), train.time + LAG_SECONDS) for one in noise])
    share = shifts.std(axis=0) / train.targets.std(axis=0)
    assert share.max() < 1.3 * LIVELY and np.median(share) == pytest.approx(LIVELY, rel=0.2)


def test_pieces_that_begin_with_a_latent_vary_as_the_whole_does(varied):
    graph, features, noise, _ = varied
    whole, reach = shifted(graph, features, noise), 20
    for first, last in ((0, 40), (30, 64), (50, noise.shape[2])):
        begin, end = max(first - reach, 0), last + reach
        piece = shifted(graph, features[:, begin * LATENT_ROWS : end * LATENT_ROWS], noise[..., begin:end])
        rows = slice(first * LATENT_ROWS, last * LATENT_ROWS)
        kept = piece[(first - begin) * LATENT_ROWS :][: len(whole[rows])]
        np.testing.assert_allclose(kept, whole[rows], atol=1e-3)


def test_the_exported_variation_equals_the_module(tmp_path: Path, varied):
    graph, features, noise, _ = varied
    wide = torch.cat([features, torch.randn(1, features.shape[1], 96)], dim=2)  # an adapted avatar's features
    export_variation(graph, wide.shape[2], tmp_path / "variation.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "variation.onnx", providers=["CPUExecutionProvider"])
    for rows in (1, 16, 17, 101, 1180):
        sound, drawn = wide[:, :rows], noise[..., : -(-rows // LATENT_ROWS)]
        (found,) = session.run(["shift"], {"features": sound.numpy(), "noise": drawn.numpy()})
        np.testing.assert_allclose(found[0], shifted(graph, sound, drawn), atol=1e-3)
        (none,) = session.run(["shift"], {"features": sound.numpy(), "noise": 0 * drawn.numpy()})
        assert not none.any()


def test_attention_is_that_of_the_library():
    context, x = Context(5).eval(), torch.randn(2, 30, HIDDEN)
    far = (torch.arange(30)[:, None] - torch.arange(30)).abs() > 4
    expected = context.attention(x, x, x, attn_mask=far, need_weights=False)[0]
    torch.testing.assert_close(context._attended(x, far), expected, atol=1e-5, rtol=1e-5)


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
        assert (
            expert.agreement(speech, speech[:, :2]).mean()
            > expert.agreement(speech, speech[:, :2].roll(7, 2)).mean() + 0.3
        )


def test_speakers_are_told_apart():
    basis = speaker_basis(96)
    a, b = torch.randn(300, 96), 2 * torch.randn(300, 96) + 1
    same = (speaker_embedding(a[:150], basis) - speaker_embedding(a[150:], basis)).norm()
    assert same < 0.3 * (speaker_embedding(a, basis) - speaker_embedding(b, basis)).norm()
