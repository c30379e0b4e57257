import { GEOMETRY } from '../../../../shared/format/index.ts';
import type { Control, Rig } from '../bundle/index.ts';

const TORSO_BEHIND = GEOMETRY.torsoBehindCm; // between the head centre and the torso plane
const CHIN_MARGIN = GEOMETRY.chinMarginCm;
const CHIN_FADE = GEOMETRY.chinFadeCm;

/**
 * Rays of one frame: `aim` takes the frame's control, then `castRow` answers a row of pixels at a time with where each
 * ray meets the skull, blended into the torso plane below the chin. Allocates nothing.
 */
export class RayCaster {
  /** Of the last row, head space, cm. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Share of the torso plane, 0 (skull) to 1. */
  readonly torso: Float64Array;
  readonly #rig: Rig;
  readonly #torsoPose: Float32Array;
  readonly #m = new Float64Array(9); // rotation, head to camera
  readonly #origin = new Float64Array(3);
  readonly #unit = new Float64Array(3); // origin in the unit sphere's space
  readonly #inverse = new Float64Array(6); // torso of this frame back to the reference frame

  constructor(rig: Rig, torsoPose: Float32Array, longestRow: number) {
    this.#rig = rig;
    this.#torsoPose = torsoPose;
    this.x = new Float64Array(longestRow);
    this.y = new Float64Array(longestRow);
    this.z = new Float64Array(longestRow);
    this.torso = new Float64Array(longestRow);
  }

  aim(control: Control): void {
    const { translation: t, torso: a } = control;
    const { ellipsoid } = this.#rig;
    const m = this.#m;
    m.set(control.rotation);
    for (let k = 0; k < 3; k++) {
      this.#origin[k] = -(m[k]! * t[0]! + m[3 + k]! * t[1]! + m[6 + k]! * t[2]!);
      this.#unit[k] = (this.#origin[k]! - ellipsoid[k]!) / ellipsoid[3 + k]!;
    }
    const determinant = a[0]! * a[4]! - a[1]! * a[3]!;
    const inverse = this.#inverse;
    inverse[0] = a[4]! / determinant;
    inverse[1] = -a[1]! / determinant;
    inverse[3] = -a[3]! / determinant;
    inverse[4] = a[0]! / determinant;
    inverse[2] = -(inverse[0]! * a[2]! + inverse[1]! * a[5]!);
    inverse[5] = -(inverse[3]! * a[2]! + inverse[4]! * a[5]!);
  }

  /**
   * Source pixels `u0 + i·step`, `v` for i < count. Where `depth[from + i]` is finite the mesh shows, and no ray is
   * cast.
   */
  castRow(u0: number, v: number, step: number, count: number, depth: Float32Array, from: number): void {
    const { ellipsoid, focal, principal, chinY } = this.#rig;
    const { x, y, z, torso } = this;
    // Everything that a row shares is read once: the loop below runs 65,536 times a frame.
    const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = this.#m as unknown as Nine;
    const [px, py, pz] = this.#origin as unknown as Three;
    const [ox, oy, oz] = this.#unit as unknown as Three;
    const rx = 1 / ellipsoid[3]!;
    const ry = 1 / ellipsoid[4]!;
    const rz = 1 / ellipsoid[5]!;
    const cx0 = principal[0]!;
    const cy = -(v - principal[1]!) / focal;
    const bx = m3 * cy - m6;
    const by = m4 * cy - m7;
    const bz = m5 * cy - m8;
    const c = ox * ox + oy * oy + oz * oz - 1;
    const chin = chinY - CHIN_MARGIN;
    for (let i = 0; i < count; i++) {
      if (depth[from + i]! !== Infinity) continue;
      const u = u0 + i * step;
      const cx = (u - cx0) / focal;
      const dx = m0 * cx + bx;
      const dy = m1 * cx + by;
      const dz = m2 * cx + bz;
      const ex = dx * rx;
      const ey = dy * ry;
      const ez = dz * rz;
      const a = ex * ex + ey * ey + ez * ez;
      const b = ox * ex + oy * ey + oz * ez;
      const discriminant = b * b - a * c;
      // The nearest crossing; where the ray misses, its closest approach.
      const reach = (discriminant > 0 ? -b - Math.sqrt(discriminant) : -b) / a;
      const hitY = py + dy * reach;
      x[i] = px + dx * reach;
      y[i] = hitY;
      z[i] = pz + dz * reach;
      torso[i] = 0;
      if (hitY < chin) {
        const below = Math.min((chin - hitY) / CHIN_FADE, 1);
        torso[i] = below * below * (3 - 2 * below);
      }
    }
    this.#blendTorso(u0, v, step, count, depth, from);
  }

  /** Unit direction of the ray at (u, v) into `out` [3]; with a `torso` share, blended towards the torso ray's. */
  direction(u: number, v: number, torso: number, out: Float64Array): void {
    const { focal, principal } = this.#rig;
    unit(this.#m, (u - principal[0]!) / focal, -(v - principal[1]!) / focal, out);
    if (torso === 0) return;
    const inverse = this.#inverse;
    const [dx, dy, dz] = out as unknown as Three;
    const cx = (inverse[0]! * u + inverse[1]! * v + inverse[2]! - principal[0]!) / focal;
    const cy = -(inverse[3]! * u + inverse[4]! * v + inverse[5]! - principal[1]!) / focal;
    unit(this.#torsoPose, cx, cy, out);
    out[0] = dx * (1 - torso) + out[0]! * torso;
    out[1] = dy * (1 - torso) + out[1]! * torso;
    out[2] = dz * (1 - torso) + out[2]! * torso;
  }

  #blendTorso(u0: number, v: number, step: number, count: number, depth: Float32Array, from: number): void {
    const { focal, principal } = this.#rig;
    const { x, y, z, torso } = this;
    const [i0, i1, i2, i3, i4, i5] = this.#inverse as unknown as Six;
    const p = this.#torsoPose;
    const reach = TORSO_BEHIND - p[11]!;
    const cz = -reach - p[11]!;
    const [p0, p1, p2, p3, p4, p5, p6, p7, p8] = p as unknown as Nine;
    for (let i = 0; i < count; i++) {
      if (depth[from + i]! !== Infinity) continue;
      const w = torso[i]!;
      if (w === 0) continue;
      const u = u0 + i * step;
      const cx = ((i0 * u + i1 * v + i2 - principal[0]!) / focal) * reach - p[9]!;
      const cy = (-(i3 * u + i4 * v + i5 - principal[1]!) / focal) * reach - p[10]!;
      x[i] = x[i]! * (1 - w) + (p0 * cx + p3 * cy + p6 * cz) * w;
      y[i] = y[i]! * (1 - w) + (p1 * cx + p4 * cy + p7 * cz) * w;
      z[i] = z[i]! * (1 - w) + (p2 * cx + p5 * cy + p8 * cz) * w;
    }
  }
}

type Three = readonly [number, number, number];
type Six = readonly [...Three, ...Three];
type Nine = readonly [...Six, ...Three];

/** Camera ray (cx, cy, -1) turned back by `rotation` (rows; at least 9 values), length 1. */
function unit(rotation: Float64Array | Float32Array, cx: number, cy: number, out: Float64Array): void {
  const dx = rotation[0]! * cx + rotation[3]! * cy - rotation[6]!;
  const dy = rotation[1]! * cx + rotation[4]! * cy - rotation[7]!;
  const dz = rotation[2]! * cx + rotation[5]! * cy - rotation[8]!;
  const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
  out[0] = dx / length;
  out[1] = dy / length;
  out[2] = dz / length;
}
