"""A bundle carries a person whole: what was exported is what loads, and nothing else does."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from made_person import MadePerson, give_voice, make_person
from safetensors.numpy import load

from likeness_trainer.bundle.archive import read_archive, required, write_archive
from likeness_trainer.bundle.drive import driven_expression, expression_of, speech_expression
from likeness_trainer.bundle.export import Trained, export_bundle
from likeness_trainer.bundle.inputs import std_inputs
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.bundle.probe import speech_tensors
from likeness_trainer.format import BUNDLE, TABLES, TRACKER
from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import TrainJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.fast_inputs import texel_centres
from likeness_trainer.renderer.proxies import control_of, frame_proxies
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.speech import analyse, analyse_speech

TINY = Path(__file__).parents[2] / "src/main/studio/engine/fixtures/tiny.likeness"
VARIED = {"variation.onnx": "variation.onnx", "motion.onnx": "motion-varied.onnx"}  # made by tests/tiny_variation.py


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> MadePerson:
    made = make_person(tmp_path_factory.mktemp("bundle"), ffmpeg, ffprobe)
    give_voice(made)
    return made


@pytest.fixture(scope="module")
def models() -> tuple[StdRenderer, FastRenderer]:
    """Untrained, but with every layer speaking: the last ones start at zero and would hide the rest."""
    torch.manual_seed(1)
    std, fast = StdRenderer(), FastRenderer()
    for layer in (std.image.leave, std.image.film, fast.trunk.leave, fast.field.gain):
        torch.nn.init.normal_(layer.weight, std=0.05)
    return std, fast


@pytest.fixture(scope="module")
def exported(person: MadePerson, models: tuple[StdRenderer, FastRenderer]) -> Path:
    std, fast = models
    rig = fit_rig(person.track, person.track.split()[0])
    path, report = export_bundle(
        job=read(TrainJob, person.job),
        track=person.track,
        rig=rig,
        seed=0,
        trained=Trained(std, fast),
        reporter=Reporter.silent(),
        measure=lambda bundle, _: {"frames": len(bundle.idle.time)},
        speech_steps=1,  # how well it speaks has its own tests
    )
    assert report == {"frames": 44}
    return path


def test_a_bundle_is_small_and_lists_what_it_holds(exported: Path):
    assert exported.stat().st_size < 40e6
    manifest, files = read_archive(exported)
    assert set(manifest["files"]) == {*required(manifest), "live.onnx"} == set(files)
    assert manifest["trainingFrames"] + manifest["heldOutFrames"] == 44
    assert manifest["source"] == {"width": 320, "height": 320, "fps": 25.0, "frames": 44}
    assert manifest["consent"]["basis"] == "synthetic"
    assert (manifest["producer"], manifest["tracker"]) == ("Likeness tested", TRACKER)
    assert manifest["speech"]["features"] == Bundle.load(exported).probe["features"].shape[1]
    assert list(exported.parent.glob("*.part")) == []


@pytest.mark.parametrize(("table", "name"), [(table, f"{table}.safetensors") for table in ("rig", "idle", "probe")])
def test_tensor_files_are_as_the_format_says(exported: Path, table: str, name: str):
    files, rows = read_archive(exported)[1], TABLES[table]
    tensors = load(files[name])
    assert set(rows.required) <= tensors.keys() <= rows.tensors.keys()
    sizes: dict[str, int] = {}
    for tensor, array in tensors.items():
        wanted = rows.tensors[tensor]
        assert array.dtype == wanted.dtype, tensor
        assert array.ndim == len(wanted.shape), tensor
        for axis, size in zip(wanted.shape, array.shape):
            assert size == (sizes.setdefault(axis, size) if isinstance(axis, str) else axis), tensor


@pytest.mark.parametrize("name", BUNDLE["graphs"])
def test_ports_of_graphs_are_as_the_format_says(exported: Path, name: str):
    files = read_archive(exported)[1]
    if name not in files:
        assert BUNDLE["files"][name]["optional"]
        return
    session = onnxruntime.InferenceSession(files[name], providers=["CPUExecutionProvider"])
    types = {"F32": "tensor(float)", "I32": "tensor(int32)", "U8": "tensor(uint8)"}
    for ports, found in (("inputs", session.get_inputs()), ("outputs", session.get_outputs())):
        rows = BUNDLE["graphs"][name][ports]
        assert {port.name for port in found} >= {port for port, row in rows.items() if not row.get("optional")}
        for port in found:
            row = rows[port.name]
            assert port.type == types[row["dtype"]] and len(port.shape) == len(row["shape"]), port.name
            for axis, size in zip(row["shape"], port.shape):
                assert isinstance(axis, str) or isinstance(size, str) or size == axis, port.name


def test_the_std_graph_equals_pytorch(exported: Path, person: MadePerson, models: tuple[StdRenderer, FastRenderer]):
    bundle, std = Bundle.load(exported), models[0].eval()
    for frame in (3, 17, 42):
        proxies = bundle.proxies(control_of(person.track, frame))
        with torch.no_grad():
            expected = (
                std(*(torch.from_numpy(value) for value in std_inputs(proxies).values()))[0].permute(1, 2, 0).numpy()
            )
        assert expected.std() > 0.05
        np.testing.assert_allclose(bundle.render(proxies), expected, atol=1e-3)


def test_the_fast_graph_shows_what_the_fast_model_shows(
    exported: Path, person: MadePerson, models: tuple[StdRenderer, FastRenderer]
):
    bundle, fast = Bundle.load(exported), models[1].eval()
    proxies = bundle.proxies(control_of(person.track, 42))
    inputs = [
        proxies.points,
        proxies.directions,
        proxies.half_width,
        proxies.condition[None],
        texel_centres(proxies.texture)[None],
    ]
    with torch.no_grad():
        expected = fast(*(torch.from_numpy(value) for value in inputs))[0].permute(1, 2, 0).numpy()
    assert expected.std() > 0.05
    off = bundle.render(proxies, "render-fast") - expected
    assert 10 * np.log10(1 / (off**2).mean()) > 40


def test_the_probe_is_what_the_graphs_answer(exported: Path, person: MadePerson):
    bundle = Bundle.load(exported)
    probe = bundle.probe
    train = person.track.split()[0]
    proxies = frame_proxies(bundle.rig, control_of(person.track, int(train[len(train) // 2])))
    np.testing.assert_array_equal(proxies.points, probe["points"])
    np.testing.assert_array_equal(proxies.region, probe["region_index"])
    np.testing.assert_allclose(bundle.render(proxies), np.moveaxis(probe["rgba"], 0, -1), atol=1e-4)
    np.testing.assert_allclose(bundle.render(proxies, "render-fast") * 255, probe["rgba_fast"], atol=1.01)
    assert probe["waveform"].shape == (16000,)
    assert probe["features"].shape[0] == probe["expression100"].shape[0] == 101


def test_the_probe_of_one_who_varies_holds_another_mouth():
    manifest, files = read_archive(TINY)
    varied = {name: (TINY.parent / file).read_bytes() for name, file in VARIED.items()}
    bundle = Bundle(manifest, {**files, **varied})
    tensors = speech_tensors(bundle, bundle.probe["waveform"])
    assert bundle.varies and tensors["noise"].shape == (16, 7) and tensors["shift"].shape == (101, 66)
    opened = tensors["varied100"][:, 0] - tensors["expression100"][:, 0]
    np.testing.assert_allclose(opened, np.repeat(tensors["noise"][0], 16)[:101], atol=1e-5)
    np.testing.assert_allclose(tensors["expression100"], bundle.probe["expression100"], atol=1e-5)
    assert not Bundle(manifest, files).varies
    with pytest.raises(TrainerError, match="inputs"):
        Bundle(manifest, {**files, "motion.onnx": varied["variation.onnx"]}).session("motion")
    with pytest.raises(TrainerError, match="takes no shift"):
        speech_tensors(
            Bundle(manifest, {**files, "variation.onnx": varied["variation.onnx"]}), bundle.probe["waveform"]
        )


@pytest.mark.parametrize("name", [*required({}), "manifest.json"])
def test_a_changed_byte_anywhere_is_refused(exported: Path, tmp_path: Path, name: str):
    """The byte is changed inside the file, and the ZIP's own checksums are made to fit."""
    changed = tmp_path / "changed.likeness"
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.namelist():
            content = bytearray(old.read(entry))
            if entry == name:
                # in the manifest a digit of a hash, elsewhere the middle
                at = content.index(b'"sha256"') + 14 if name == "manifest.json" else len(content) // 2
                content[at] = ord("0") if content[at] != ord("0") else ord("1")
            new.writestr(entry, bytes(content))
    with pytest.raises(TrainerError) as raised:
        Bundle.load(changed)
    assert raised.value.code == "bad-bundle"
    assert raised.value.hint


@pytest.mark.parametrize("at", [0.01, 0.3, 0.6, 0.9, 0.9999])
def test_damage_on_the_disk_is_refused(exported: Path, tmp_path: Path, at: float):
    content = bytearray(exported.read_bytes())
    content[int(at * len(content))] ^= 0xFF
    (tmp_path / "damaged.likeness").write_bytes(content)
    with pytest.raises(TrainerError) as raised:
        Bundle.load(tmp_path / "damaged.likeness")
    assert raised.value.code == "bad-bundle"
    (tmp_path / "cut.likeness").write_bytes(exported.read_bytes()[: int(at * len(content))])
    with pytest.raises(TrainerError, match="damaged"):
        Bundle.load(tmp_path / "cut.likeness")


def test_other_versions_missing_files_and_strangers_are_refused(exported: Path, tmp_path: Path):
    manifest, files = read_archive(exported)
    path = tmp_path / "avatar.likeness"

    def refused(message: str, code: str = "bad-bundle"):
        with pytest.raises(TrainerError, match=message) as raised:
            Bundle.load(path)
        assert raised.value.code == code

    refused("no avatar here", "not-found")
    write_archive(path, {**manifest, "version": 2}, files)
    refused("newer Likeness .format 2")
    write_archive(path, {**manifest, "version": 0}, files)
    refused("older Likeness .format 0")
    write_archive(path, {**manifest, "format": "other"}, files)
    refused("not an avatar")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("extra.txt", "not listed")
    path.write_bytes(b"text")
    refused("damaged")
    write_archive(path, manifest, files)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("extra.txt", "not listed")
    refused("not the ones its manifest lists")
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(path, "w") as new:
        document = json.loads(old.read("manifest.json"))
        del document["files"]["motion.onnx"]
        for entry in old.namelist():
            if entry != "motion.onnx":
                new.writestr(entry, json.dumps(document) if entry == "manifest.json" else old.read(entry))
    refused("lacks motion.onnx")


def test_a_graph_that_reads_other_files_is_refused(exported: Path, tmp_path: Path):
    manifest, files = read_archive(exported)
    model = onnx.load_model_from_string(files["motion.onnx"])
    onnx.external_data_helper.set_external_data(model.graph.initializer[0], "/etc/hostname")
    bundle = Bundle(manifest, {**files, "motion.onnx": model.SerializeToString()})
    with pytest.raises(TrainerError, match="refers to other files"):
        bundle.session("motion")
    with pytest.raises(TrainerError, match="inputs"):
        Bundle(manifest, {**files, "motion.onnx": files["speech.onnx"]}).session("motion")
    with pytest.raises(TrainerError, match="not a graph"):
        Bundle(manifest, {**files, "motion.onnx": b"text"}).session("motion")


def test_a_full_disk_leaves_the_old_avatar_as_it_was(exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    manifest, files = read_archive(exported)
    path = tmp_path / "avatar.likeness"
    path.write_bytes(b"the old one")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(TrainerError) as raised:
        write_archive(path, manifest, files)
    assert raised.value.code == "disk-full"
    assert path.read_bytes() == b"the old one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["avatar.likeness"]


def test_a_turned_head_adds_its_share_to_the_mouth_and_not_to_the_eyes(exported: Path):
    bundle, rng = Bundle.load(exported), np.random.default_rng(2)
    slopes = np.zeros((7, 64), np.float32)
    slopes[2, :8] = rng.normal(size=8)  # of turning the head aside, per radian
    angles = np.array([[-1, -0.1, -1], [0, 0, 0], [1, 0.3, 1]], np.float32)
    bundle.rig = replace(bundle.rig, turn_angles=angles, turn_slopes=slopes)
    seconds, idle = np.arange(20) / 25, rng.normal(size=(20, 64))
    waveform = 0.1 * rng.normal(size=16000).astype(np.float32)
    aside = rodrigues(np.array([[0, angle, 0] for angle in np.linspace(-0.5, 0.5, 20)]))
    straight = driven_expression(bundle, waveform, seconds, idle, np.tile(np.eye(3), (20, 1, 1)), 25.0)
    found = driven_expression(bundle, waveform, seconds, idle, aside, 25.0) - straight
    expected = np.clip(np.linspace(-0.5, 0.5, 20), -0.1, 0.3)[:, None] * slopes[2]
    np.testing.assert_allclose(found, expected - expected @ bundle.rig.eye_mask.T, atol=1e-5)


def test_a_long_sound_says_in_pieces_what_it_says_as_a_whole(exported: Path, monkeypatch: pytest.MonkeyPatch):
    bundle = Bundle.load(exported)
    sound = load_voice("voice").samples[: 4 * 16000]
    monkeypatch.setattr(analyse, "CHUNK_SECONDS", 0.7)
    whole = expression_of(bundle, analyse_speech(bundle.session("speech"), sound).features)
    assert np.ptp(whole, axis=0).max() > 0.1
    np.testing.assert_allclose(speech_expression(bundle, sound), whole, atol=1e-5)


def test_an_export_that_fails_writes_nothing(
    person: MadePerson, models: tuple[StdRenderer, FastRenderer], tmp_path: Path
):
    std, fast = models
    job = {**person.job, "avatarPath": str(tmp_path / "new.likeness")}
    rig = fit_rig(person.track, person.track.split()[0])

    def fails(_: Bundle, __: Reporter) -> dict:
        raise TrainerError("internal", "measuring failed", "try again")

    with pytest.raises(TrainerError, match="measuring failed"):
        export_bundle(
            job=read(TrainJob, job),
            track=person.track,
            rig=rig,
            seed=0,
            trained=Trained(std, fast),
            reporter=Reporter.silent(),
            measure=fails,
            speech_steps=1,
        )
    assert list(tmp_path.iterdir()) == []
