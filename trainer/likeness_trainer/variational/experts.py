"""Judges trained on true pairs: does this motion go with this sound, and with this pitch?"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

WINDOW, SIZE = 5, 32  # frames at 25 Hz, as SyncNet (Chung, Zisserman 2016); numbers of an embedding
SHARPNESS = 10.0
WRONG_FRAMES = (8, 50)  # how far apart sound and motion of a wrong pair are


class SyncExpert(nn.Module):
    """Embeddings of 0.2 s of motion and of speech; alike where they belong together."""

    def __init__(self, features: int, motion: int) -> None:
        super().__init__()
        self.speech, self.motion = (
            nn.Sequential(
                nn.Conv1d(width, 64, WINDOW, padding=WINDOW // 2), nn.GELU(), nn.Dropout(0.2), nn.Conv1d(64, SIZE, 1)
            )
            for width in (features, motion)
        )

    def agreement(self, speech: Tensor, motion: Tensor) -> Float[Tensor, "batch frames"]:
        """Cosine of both embeddings."""
        return F.cosine_similarity(self.speech(speech), self.motion(motion), dim=1)

    def contrast(self, speech: Tensor, motion: Tensor, shift: int) -> Tensor:
        """Cross-entropy of telling the true pairs from pairs `shift` frames apart."""
        true = SHARPNESS * self.agreement(speech, motion)[:, :-shift]
        wrong = SHARPNESS * F.cosine_similarity(
            self.speech(speech)[..., shift:], self.motion(motion)[..., :-shift], dim=1
        )
        return F.softplus(wrong - true).mean()


class PitchExpert(nn.Module):
    """Pitch and voicing [B, 2, T] read from motion alone: what of the voice a motion shows."""

    def __init__(self, motion: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Conv1d(motion, 32, 7, padding=3), nn.GELU(), nn.Dropout(0.2), nn.Conv1d(32, 2, 1))

    def error(self, motion: Tensor, pitch: Float[Tensor, "batch 2 frames"]) -> Tensor:
        """Mean squared error of the pitch and voicing heard in motion [B, K, T]."""
        return F.mse_loss(self.net(motion), pitch)
