"""Networks whose weights are the user's to add: read as they are published, and what they say of pictures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from likeness_trainer.metrics.identity import GROUPS, FaceRecognition, face_square, read_tensors
from likeness_trainer.metrics.perceptual import CLASSES, EfficientNetLite0, Perceptual, seen
from likeness_trainer.protocol import TrainerError


@pytest.fixture(scope="module")
def lite0(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made checkpoint of the published form."""
    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("weights") / "lite0.pth"
    torch.save(EfficientNetLite0().state_dict(), path)
    return path


def tensors() -> dict[str, list[int]]:
    """Names and shapes of the face recognition network, as its published manifest has them."""
    found: dict[str, list[int]] = {}

    def convolution(name: str, side: int, inputs: int, outputs: int) -> None:
        found[f"{name}/conv/filters"] = [side, side, inputs, outputs]
        found[f"{name}/conv/bias"] = [outputs]
        found[f"{name}/scale/weights"] = found[f"{name}/scale/biases"] = [outputs]

    def residual(name: str, inputs: int, outputs: int) -> None:
        convolution(f"{name}/conv1", 3, inputs, outputs)
        convolution(f"{name}/conv2", 3, outputs, outputs)

    convolution("conv32_down", 7, 3, 32)
    before = 32
    for name, units in GROUPS:
        channels = int(name.removeprefix("conv"))
        if channels > 32:
            residual(f"{name}_down", before, channels)
        for number in range(1, units + 1):
            residual(f"{name}_{number}", channels, channels)
        before = channels
    residual("conv256_down_out", 256, 256)
    return {**found, "fc": [256, 128]}


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Made weights and their manifest."""
    folder, random = tmp_path_factory.mktemp("faces"), np.random.default_rng(0)
    listed, content = [], b""
    for name, shape in tensors().items():
        scale = 2 / 255 / np.sqrt(max(1, np.prod(shape[:-1])))
        listed.append({"name": name, "shape": shape, "quantization": {"scale": scale, "min": -127 * scale}})
        content += random.integers(0, 256, int(np.prod(shape)), np.uint8).tobytes()
    (folder / "weights.bin").write_bytes(content)
    (folder / "manifest.json").write_text(json.dumps([{"paths": ["weights.bin"], "weights": listed}]))
    return folder / "weights.bin", folder / "manifest.json"


def test_bytes_are_tensors_in_steps_of_their_scale():
    manifest = [
        {
            "weights": [
                {"name": "a", "shape": [2, 2], "quantization": {"scale": 0.5, "min": -1}},
                {"name": "b", "shape": [1]},
            ]
        }
    ]
    content = bytes([0, 1, 2, 255]) + np.float32(7.5).tobytes()
    found = read_tensors(content, manifest)
    assert found["a"].tolist() == [[-1, -0.5], [0, 126.5]] and found["b"].tolist() == [7.5]
    with pytest.raises(ValueError, match="9 bytes, but 8"):
        read_tensors(content + b"x", manifest)


def test_a_face_is_cut_where_the_network_knows_faces():
    landmarks = np.full((478, 2), 200.0)
    for corners, x in (((33, 133), 150.0), ((362, 263), 250.0)):
        landmarks[list(corners)] = (x, 150)
    landmarks[[61, 291, 13, 14]] = (200, 250)
    # eyes and mouth are sqrt(50^2 + 100^2) = 111.8 apart: a square of 248.5, its corner at (200 - 124.2, 183.3 - 106.8)
    picture = np.zeros((400, 400, 3), np.uint8)
    picture[248:253, 198:203] = 255
    square = face_square(picture, landmarks)
    rows, columns = np.nonzero(square[..., 0] > 100)
    assert columns.mean() + 0.5 == pytest.approx((200.5 - 75.8) * 150 / 248.5, abs=0.5)
    assert rows.mean() + 0.5 == pytest.approx((250.5 - 76.5) * 150 / 248.5, abs=0.5)


def test_descriptors_tell_pictures_apart_and_are_none_without_a_face(faces: tuple[Path, Path]):
    recognition = FaceRecognition(*faces)
    random = np.random.default_rng(1)
    picture = random.integers(0, 256, (256, 256, 3)).astype(np.uint8)
    landmarks = random.uniform(80, 180, (478, 2))
    descriptor = recognition(picture, landmarks)
    assert descriptor is not None and descriptor.shape == (128,) and np.isfinite(descriptor).all()
    np.testing.assert_array_equal(recognition(picture, landmarks), descriptor)
    assert np.linalg.norm(recognition(255 - picture, landmarks) - descriptor) > 1e-6
    assert recognition(picture, np.full((478, 2), np.nan)) is None


def test_the_perceptual_distance_is_nothing_for_equal_pictures_and_the_same_both_ways(lite0: Path):
    distance, random = Perceptual(lite0), np.random.default_rng(2)
    a, b = (random.integers(0, 256, (120, 100, 3)).astype(np.uint8) for _ in range(2))
    assert distance(a, a) == pytest.approx(0, abs=1e-9)
    assert distance(a, b) == pytest.approx(distance(b, a)) and distance(a, b) > 1e-4
    with torch.no_grad():
        assert EfficientNetLite0().eval()(seen(a)).shape == (1, CLASSES)
        sides = [stage.shape[-1] for stage in EfficientNetLite0().eval().stages(seen(a))]
    assert sides == [112, 56, 28, 14, 14, 7, 7]


def test_other_files_are_refused(lite0: Path, faces: tuple[Path, Path], tmp_path: Path):
    other = tmp_path / "other"
    other.write_bytes(b"weights of something else")
    torch.save({"_fc.weight": torch.zeros(3)}, tmp_path / "small.pth")
    for refused in (
        lambda: Perceptual(other),
        lambda: Perceptual(tmp_path / "small.pth"),
        lambda: FaceRecognition(other, faces[1]),
        lambda: FaceRecognition(faces[0], other),
    ):
        with pytest.raises(TrainerError) as raised:
            refused()
        assert raised.value.code == "bad-checkpoint" and "models add" in raised.value.hint
