"""Held-out frames during training: figures, and pictures beside the truth."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.metrics.crops import boxes
from likeness_trainer.metrics.image import psnr, sharpness
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.proxies import control_of, frame_proxies
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.batches import Batch, Batches
from likeness_trainer.training.losses import over
from likeness_trainer.training.selection import evenly

MEASURED_FRAMES = 12
SHOWN_FRAMES = 4
Form = StdRenderer | FastRenderer | AppearanceFile


def render_batch(model: StdRenderer | FastRenderer, batch: Batch) -> Tensor:
    """RGBA [B,4,256,256] of a batch in float32, before clamping."""
    rays = model.march(batch.points, batch.directions, batch.half_width, batch.condition)
    if isinstance(model, FastRenderer):
        return model.refine(rays, batch.texels)
    return model.refine(rays, batch.condition, batch.texture, batch.region)


class Observation:
    """Renders fixed held-out frames over their background; a clip too short to hold any out shows training frames."""

    def __init__(self, rig: Rig, track: Track, batches: Batches, held_out: np.ndarray) -> None:
        self._batches, self._rig, self._track = batches, rig, track
        self.frames = [int(frame) for frame in evenly(held_out, MEASURED_FRAMES)]
        meshes = np.stack([frame_proxies(rig, control_of(track, frame)).vertices for frame in self.frames])
        self._boxes = dict(zip(self.frames, boxes(meshes, track.crop[self.frames], track.width, track.height)))

    @torch.no_grad()
    def _render(self, form: Form, frame: int) -> tuple[np.ndarray, np.ndarray]:
        """(rendering, truth) [256,256,3] u8."""
        batch = self._batches.of([frame], np.zeros((1, 3), np.float32))
        composed = (over(self._rgba(form, frame, batch), batch.plate).clamp(0, 1) * 255).round().byte()
        rendered = composed[0].permute(1, 2, 0).cpu().numpy()
        inside = batch.inside[0, 0].bool().cpu().numpy()[..., None]
        truth = (batch.picture[0].permute(1, 2, 0) * 255).round().byte().cpu().numpy()
        return np.where(inside, rendered, truth), truth

    def _rgba(self, form: Form, frame: int, batch: Batch) -> Tensor:
        """[1,4,256,256]"""
        if isinstance(form, AppearanceFile):
            drawn = form.draw(self._rig, control_of(self._track, frame))
            return torch.from_numpy(drawn).permute(2, 0, 1)[None].to(batch.plate.device)
        was_training = form.training
        form.eval()
        rgba = render_batch(form, batch)
        form.train(was_training)
        return rgba

    def measure(self, form: Form) -> dict[str, float]:
        """Mean PSNR (dB) of head, face and mouth, and the face's sharpness, over up to 12 frames."""
        head, face, mouth, faces, true_faces = [], [], [], [], []
        for frame in self.frames:
            rendered, truth = self._render(form, frame)
            box = self._boxes[frame]
            head.append(psnr(box.head.cut(rendered), box.head.cut(truth)))
            face.append(psnr(box.face.cut(rendered), box.face.cut(truth)))
            mouth.append(psnr(box.mouth.cut(rendered), box.mouth.cut(truth)))
            faces.append(box.face.cut(rendered))
            true_faces.append(box.face.cut(truth))
        return {
            "psnr_head": float(np.mean(head)),
            "psnr_face": float(np.mean(face)),
            "psnr_mouth": float(np.mean(mouth)),
            "sharpness_face": sharpness(faces, true_faces),
        }

    def proof(self, form: StdRenderer | FastRenderer, path: Path) -> None:
        """A JPEG strip: fixed frames above, the truth below."""
        shown = [self._render(form, int(frame)) for frame in evenly(np.array(self.frames), SHOWN_FRAMES)]
        strip = np.concatenate([np.concatenate(pair, 0) for pair in shown], 1)
        _, coded = cv2.imencode(".jpg", strip[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
        partial = path.with_name(path.name + ".part")
        partial.write_bytes(coded.tobytes())
        partial.replace(path)
