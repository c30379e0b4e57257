"""`probe.safetensors`: one frame and one second of sound as the exporting machine computed them.

The avatar engine renders the same frame when it opens a bundle, and refuses to show a person it draws differently.
"""

from __future__ import annotations

import numpy as np

from likeness_trainer.bundle.drive import SPEECH_RATE, expression_of, shift_of
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.renderer.proxies import Control

LATENTS, LATENT_ROWS = 16, 16  # numbers in a latent, rows it lasts


def probe_tensors(bundle: Bundle, control: Control, waveform: np.ndarray) -> dict[str, np.ndarray]:
    """Control, proxies and pictures of a frame, and what the speech graphs answer to `waveform` [16000]."""
    proxies = bundle.proxies(control)
    tensors = {
        "expression": control.expression[None],
        "gaze": control.gaze[None],
        "rotation": control.rotation[None],
        "translation": control.translation[None],
        "crop": control.crop[None],
        "torso": control.torso[None],
        "points": proxies.points,
        "directions": proxies.directions,
        "half_width": proxies.half_width,
        "texture": proxies.texture,
        "region_index": proxies.region,
        "condition": proxies.condition,
        **speech_tensors(bundle, waveform),
    }
    if bundle.has_std:
        tensors["rgba"] = np.moveaxis(bundle.render(proxies), -1, 0)
    if bundle.has_fast:
        tensors["rgba_fast"] = np.round(bundle.render(proxies, "render-fast") * 255).astype(np.uint8)
    if bundle.closed is not None:
        tensors["rgba_closed"] = bundle.closed.multiplied(bundle.rig, control)
    return {
        name: np.ascontiguousarray(value, value.dtype if value.dtype == np.uint8 else np.float32)
        for name, value in tensors.items()
    }


def speech_tensors(bundle: Bundle, waveform: np.ndarray) -> dict[str, np.ndarray]:
    """What the speech graphs answer to `waveform` [16000]; of one who varies also with noise, and that noise."""
    features = np.asarray(bundle.session("speech").run(["features"], {"waveform": waveform[None]})[0])[0]
    tensors = {"waveform": waveform, "features": features, "expression100": expression_of(bundle, features)}
    if bundle.varies:
        noise = np.random.default_rng(0).standard_normal((LATENTS, -(-len(features) // LATENT_ROWS))).astype(np.float32)
        tensors |= {
            "noise": noise,
            "shift": shift_of(bundle, features, noise),
            "varied100": expression_of(bundle, features, noise),
        }
    return tensors


def probe_sound(audio: np.ndarray | None) -> np.ndarray:
    """One second [16000] of the clip's sound, its loudest; a buzz of harmonics when the clip has none."""
    if audio is not None and len(audio) >= SPEECH_RATE:
        total = np.concatenate([[0], np.cumsum(audio.astype(np.float64) ** 2)])
        start = int(np.argmax(total[SPEECH_RATE:] - total[:-SPEECH_RATE]))
        return audio[start : start + SPEECH_RATE].astype(np.float32)
    t = np.arange(SPEECH_RATE) / SPEECH_RATE
    harmonics = np.arange(1, 20)[:, None]
    return (0.1 * np.sin(2 * np.pi * 120 * harmonics * t) / harmonics).sum(0).astype(np.float32)
