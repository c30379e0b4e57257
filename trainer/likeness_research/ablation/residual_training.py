"""How the network on the drawn picture learns, from frames that the closed form was not made of."""

from __future__ import annotations

import math
from copy import deepcopy

import cv2
import numpy as np
import torch
from torch import Tensor

from likeness_research.ablation.residual import Plan, Residual, seen_and_filmed
from likeness_research.ablation.shown import Shown
from likeness_trainer.renderer.discriminators import PatchDiscriminator
from likeness_trainer.training.device import choose_precision
from likeness_trainer.training.losses import hinge_discriminator, laplacian_pyramid_l1
from likeness_trainer.training.std_training import follow

_SEED = 0
_BATCH, _RATE, _WARM_STEPS = 4, 2e-3, 20
_AVERAGE = 0.95  # decay of the weights' moving average
_FACE_SIDE, _MOUTH_SIDE = 128, 64  # of the squares that count once more
_ADVERSARIAL, _OPPONENT_RATE = 0.04, 4e-4
_DEGREES, _CONTRAST, _LIFT, _NOISE, _QUALITY = 8, 0.15, 0.05, 2, (70, 95)


class Game:
    """A discriminator of faces, and what it holds against a picture."""

    def __init__(self) -> None:
        self._judge = PatchDiscriminator(16)
        self._optimiser = torch.optim.Adam(self._judge.parameters(), _OPPONENT_RATE, betas=(0.0, 0.99))

    def against(self, drawn: Tensor, true: Tensor) -> Tensor:
        """After a move of its own."""
        self._judge.requires_grad_(True)
        self._optimiser.zero_grad(set_to_none=True)
        fake, real = self._judge(torch.cat([drawn.detach(), true]))[0].chunk(2)
        hinge_discriminator(real, fake).backward()
        self._optimiser.step()
        self._judge.requires_grad_(False)
        return -_ADVERSARIAL * self._judge(drawn)[0].mean()


def learnt(shown: Shown, plan: Plan, begin: Residual | None = None) -> tuple[Residual, Residual]:
    """The network after its last step, and the moving average of its weights; a new one, or `begin`, tuned finely."""
    torch.manual_seed(_SEED)
    random = np.random.default_rng(_SEED)
    model = deepcopy(begin) if begin else Residual(plan)
    average = deepcopy(model)
    optimiser = torch.optim.Adam(model.parameters(), betas=(0.9, 0.99))
    game = Game() if plan.judged else None
    precision = choose_precision(torch.device("cpu"))
    count = len(shown.opening)
    batch, widest = min(_BATCH, count), np.argsort(-shown.opening)[: max(_BATCH, count // 2)]
    for step in range(plan.steps):
        share = (0.5 if begin else 1) * (0.5 + 0.5 * math.cos(math.pi * step / plan.steps))
        optimiser.param_groups[0]["lr"] = _RATE * share * min(1.0, (step + 1) / _WARM_STEPS)
        wide = plan.widest_first and step < plan.steps // 3
        rows = random.choice(widest if wide else count, batch, replace=False)
        seen, truth = seen_and_filmed(shown, rows)
        if plan.augmented:
            seen, truth = augmented(seen, truth, random)
        with torch.autocast("cpu", precision or torch.bfloat16, enabled=precision is not None):
            picture = model(seen).float()
        error = 2 * (picture - truth).abs().mean() + 0.5 * laplacian_pyramid_l1(picture, truth)
        for name, side in (("face", _FACE_SIDE), ("mouth", _MOUTH_SIDE)):
            drawn, true = (cut(one, shown, rows, name, side) for one in (picture, truth))
            error = error + (drawn - true).abs().mean() + 0.25 * laplacian_pyramid_l1(drawn, true, 3)
        if game and step >= plan.steps // 2:
            error = error + game.against(*(cut(one, shown, rows, "face", _FACE_SIDE) for one in (picture, truth)))
        optimiser.zero_grad(set_to_none=True)
        error.backward()
        optimiser.step()
        follow(average, model, max(1 - _AVERAGE, 1 / (step + 1)))  # a young average is that of all steps
    return model.eval(), average.eval()


def cut(pictures: Tensor, shown: Shown, rows: np.ndarray, name: str, side: int) -> Tensor:
    """[n,C,side,side] round the `name` (face, mouth) of some rows' pictures [n,C,256,256]."""
    found = []
    for picture, row in zip(pictures, rows.tolist()):
        box = getattr(shown.places[row], name)
        middle = np.array([box.left + box.right, box.top + box.bottom]) / 2
        left, top = np.clip(middle - side / 2, 0, picture.shape[-1] - side).astype(int).tolist()
        found.append(picture[:, top : top + side, left : left + side])
    return torch.stack(found)


def augmented(seen: Tensor, truth: Tensor, random: np.random.Generator) -> tuple[Tensor, Tensor]:
    """What is seen [n,7,S,S] and was filmed [n,3,S,S], both turned and in other contrast and colours; noise and
    compression are in what is seen alone."""
    both = [_augmented(one.permute(1, 2, 0).numpy(), random) for one in torch.cat([seen, truth], 1)]
    changed = torch.from_numpy(np.stack(both)).permute(0, 3, 1, 2)
    return changed[:, :7], changed[:, 7:]


def _augmented(both: np.ndarray, random: np.random.Generator) -> np.ndarray:
    side = len(both)
    turn = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), random.uniform(-_DEGREES, _DEGREES), 1)
    parts = [both[..., :4], both[..., 4:7], both[..., 7:]]  # four channels at once are the most that it takes
    drawn, warped, truth = (cv2.warpAffine(one, turn, (side, side), borderMode=cv2.BORDER_REPLICATE) for one in parts)
    gain, lift = random.uniform(1 - _CONTRAST, 1 + _CONTRAST, 3), random.uniform(-_LIFT, _LIFT, 3)
    in_light = [(one[..., :3] * gain + lift).astype(np.float32) for one in (drawn, warped, truth)]
    quality = int(random.integers(*_QUALITY))
    drawn_like, warped_like = (_compressed(one, quality, random) for one in in_light[:2])
    return np.concatenate([drawn_like, drawn[..., 3:], warped_like, in_light[2]], -1)


def _compressed(picture: np.ndarray, quality: int, random: np.random.Generator) -> np.ndarray:
    noisy = np.clip(picture * 255 + random.normal(0, _NOISE, picture.shape), 0, 255).astype(np.uint8)
    packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(packed, cv2.IMREAD_COLOR).astype(np.float32) / 255
