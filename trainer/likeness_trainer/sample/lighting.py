"""Deferred shading: rasterised attributes to linear light. Camera space; the viewer is at +z, far away.

Skin's diffuse light is wrapped around the terminator, red furthest (a cheap stand-in for the light that scatters
under the skin; Green 2004, "Real-Time Approximations to Subsurface Scattering"), highlights are Blinn-Phong.
"""

from __future__ import annotations

import numpy as np
from numba import njit

ATTRIBUTES = 8  # u, v, normal x 3 (or a finished colour), occlusion, key light seen, material


def _unit(*xyz: float) -> tuple[float, float, float]:
    length = float(np.sqrt(sum(c * c for c in xyz)))
    return (xyz[0] / length, xyz[1] / length, xyz[2] / length)


KEY_DIRECTION, KEY_COLOUR = _unit(-0.66, 0.55, 0.62), (1.62, 1.45, 1.26)
FILL_DIRECTION, FILL_COLOUR = _unit(0.80, 0.10, 0.60), (0.24, 0.28, 0.34)
RIM_DIRECTION, RIM_COLOUR = _unit(0.75, 0.45, -0.50), (0.85, 0.86, 0.95)
SKY_COLOUR, GROUND_COLOUR = (0.29, 0.305, 0.33), (0.14, 0.105, 0.088)
_LIGHTS = np.array([KEY_DIRECTION, FILL_DIRECTION, RIM_DIRECTION], np.float32)
_COLOURS = np.array([KEY_COLOUR, FILL_COLOUR, RIM_COLOUR], np.float32)
_SKY, _GROUND = np.array(SKY_COLOUR, np.float32), np.array(GROUND_COLOUR, np.float32)
# material -> wrap of red, green, blue; highlight strength; highlight exponent
_MATERIALS = np.array(
    [
        [0, 0, 0, 0, 1],
        [0.42, 0.20, 0.13, 0.55, 22],
        [0.15, 0.12, 0.12, 1.6, 160],
        [0.10, 0.10, 0.10, 0.05, 8],
        [0, 0, 0, 0, 1],
    ],
    np.float32,
)


def shade(attributes: np.ndarray, atlas: np.ndarray) -> np.ndarray:
    """[H, W, 8] f32 attributes and the atlas [A, B, 4] (linear colour, gloss) -> [H, W, 4] linear colour and cover."""
    return _shade(attributes, atlas, _LIGHTS, _COLOURS, _SKY, _GROUND, _MATERIALS)


@njit(cache=True, nogil=True, fastmath=True)
def _shade(attributes, atlas, lights, colours, sky, ground, materials):  # type: ignore[no-untyped-def]
    height, width = attributes.shape[0], attributes.shape[1]
    rows, columns = atlas.shape[0], atlas.shape[1]
    out = np.zeros((height, width, 4), np.float32)
    texel = np.zeros(4, np.float32)
    for row in range(height):
        for column in range(width):
            pixel = attributes[row, column]
            kind = int(pixel[7] + 0.5)
            if kind == 0:
                continue
            out[row, column, 3] = 1.0
            if kind == 4:
                out[row, column, 0], out[row, column, 1], out[row, column, 2] = pixel[2], pixel[3], pixel[4]
                continue
            x = min(max(pixel[0] * columns - 0.5, 0.0), columns - 1.001)
            y = min(max(pixel[1] * rows - 0.5, 0.0), rows - 1.001)
            left, top = int(x), int(y)
            fx, fy = x - left, y - top
            for channel in range(4):
                texel[channel] = (atlas[top, left, channel] * (1 - fx) + atlas[top, left + 1, channel] * fx) * (
                    1 - fy
                ) + (atlas[top + 1, left, channel] * (1 - fx) + atlas[top + 1, left + 1, channel] * fx) * fy
            nx, ny, nz = pixel[2], pixel[3], pixel[4]
            scale = 1.0 / max(np.sqrt(nx * nx + ny * ny + nz * nz), 1e-6)
            nx, ny, nz = nx * scale, ny * scale, nz * scale
            occlusion, seen = pixel[5], pixel[6]
            up = 0.5 + 0.5 * ny
            facing = max(nz, 0.0)
            gleam = 0.0
            light0, light1, light2 = 0.0, 0.0, 0.0
            spec0, spec1, spec2 = 0.0, 0.0, 0.0
            for k in range(3):
                lx, ly, lz = lights[k, 0], lights[k, 1], lights[k, 2]
                cosine = nx * lx + ny * ly + nz * lz
                visible = seen if k == 0 else occlusion
                # shadow edges on skin turn red as the light turns away
                light0 += (
                    colours[k, 0]
                    * visible ** (1 - 0.35 * (kind == 1))
                    * max(0.0, (cosine + materials[kind, 0]) / (1 + materials[kind, 0]))
                )
                light1 += colours[k, 1] * visible * max(0.0, (cosine + materials[kind, 1]) / (1 + materials[kind, 1]))
                light2 += colours[k, 2] * visible * max(0.0, (cosine + materials[kind, 2]) / (1 + materials[kind, 2]))
                if cosine > 0.0 and texel[3] > 0.0 and visible > 0.02:
                    hx, hy, hz = lx, ly, lz + 1.0
                    norm = 1.0 / max(np.sqrt(hx * hx + hy * hy + hz * hz), 1e-6)
                    half = max((nx * hx + ny * hy + nz * hz) * norm, 0.0)
                    grazing = 1.0 - hz * norm
                    fresnel = 0.04 + 0.96 * grazing**5
                    exponent = materials[kind, 4]
                    gleam = materials[kind, 3] * texel[3] * visible * cosine * fresnel * (exponent + 8) / 8
                    if half > 0.6:  # below that nothing of either lobe is left
                        gleam *= 0.75 * half**exponent + 0.25 * half ** (exponent * 0.35)
                    else:
                        gleam = 0.0
                    spec0 += gleam * colours[k, 0]
                    spec1 += gleam * colours[k, 1]
                    spec2 += gleam * colours[k, 2]
            # light of the room from above and below; where it is shut out on skin, what is left has been through skin
            red = occlusion ** (1 - 0.4 * (kind == 1))
            light0 += red * (ground[0] + (sky[0] - ground[0]) * up)
            light1 += occlusion * (ground[1] + (sky[1] - ground[1]) * up)
            light2 += occlusion * (ground[2] + (sky[2] - ground[2]) * up)
            rim = 0.0
            if kind == 1:
                rim = 0.06 * (1 - facing) ** 3 * occlusion
            out[row, column, 0] = texel[0] * light0 + spec0 + rim
            out[row, column, 1] = texel[1] * light1 + spec1 + rim
            out[row, column, 2] = texel[2] * light2 + spec2 + rim
    return out


def encode(linear: np.ndarray) -> np.ndarray:
    """Linear light [..., 3] f32 to 8-bit sRGB, highlights rolled off above 0.8."""
    x = np.maximum(linear, 0)
    x = np.where(x > 0.7, 0.7 + 0.3 * (1 - np.exp(-(x - 0.7) / 0.3)), x)
    srgb = np.where(x < 0.0031308, 12.92 * x, 1.055 * np.power(np.maximum(x, 1e-6), 1 / 2.4) - 0.055)
    return (srgb * 255 + 0.5).astype(np.uint8)
