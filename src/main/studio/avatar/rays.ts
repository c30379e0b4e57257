import type { Control } from './control.ts';
import type { Rig } from './rig.ts';

/** Where a pixel's ray meets the skull, blended into the torso plane below the chin; cm, head space. */
export interface RayHit {
  x: number;
  y: number;
  z: number;
  /** Share of the torso plane, 0 (skull) to 1. */
  torso: number;
}

const TORSO_BEHIND = 2; // cm between the head centre and the torso plane
const CHIN_MARGIN = 0.3; // cm
const CHIN_FADE = 4; // cm

/** Rays of one frame: `aim` takes the frame's control, then `cast` answers for one source pixel. Allocates nothing. */
export class RayCaster {
  readonly hit: RayHit = { x: 0, y: 0, z: 0, torso: 0 };
  /** Of the last cast with `withDirection`: unit along the skull ray, and blended towards the torso's. */
  readonly direction = new Float64Array(3);
  readonly blended = new Float64Array(3);
  readonly #rig: Rig;
  readonly #torsoPose: Float32Array;
  readonly #m = new Float64Array(9); // rotation, head to camera
  readonly #origin = new Float64Array(3);
  readonly #unit = new Float64Array(3); // origin in the unit sphere's space
  readonly #inverse = new Float64Array(6); // torso of this frame back to the reference frame

  constructor(rig: Rig, torsoPose: Float32Array) {
    this.#rig = rig;
    this.#torsoPose = torsoPose;
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

  cast(u: number, v: number, withDirection: boolean): RayHit {
    const { ellipsoid, focal, principal, chinY } = this.#rig;
    const m = this.#m;
    const hit = this.hit;
    const cx = (u - principal[0]!) / focal;
    const cy = -(v - principal[1]!) / focal;
    const dx = m[0]! * cx + m[3]! * cy - m[6]!;
    const dy = m[1]! * cx + m[4]! * cy - m[7]!;
    const dz = m[2]! * cx + m[5]! * cy - m[8]!;
    const ex = dx / ellipsoid[3]!;
    const ey = dy / ellipsoid[4]!;
    const ez = dz / ellipsoid[5]!;
    const ox = this.#unit[0]!;
    const oy = this.#unit[1]!;
    const oz = this.#unit[2]!;
    const a = ex * ex + ey * ey + ez * ez;
    const b = ox * ex + oy * ey + oz * ez;
    const c = ox * ox + oy * oy + oz * oz - 1;
    // The nearest crossing; where the ray misses, its closest approach.
    const reach = (-b - Math.sqrt(Math.max(b * b - a * c, 0))) / a;
    hit.x = this.#origin[0]! + dx * reach;
    hit.y = this.#origin[1]! + dy * reach;
    hit.z = this.#origin[2]! + dz * reach;
    const below = Math.min(Math.max((chinY - CHIN_MARGIN - hit.y) / CHIN_FADE, 0), 1);
    const w = below * below * (3 - 2 * below);
    hit.torso = w;
    if (withDirection) {
      const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
      this.direction[0] = this.blended[0] = dx / length;
      this.direction[1] = this.blended[1] = dy / length;
      this.direction[2] = this.blended[2] = dz / length;
    }
    if (w > 0) this.#blendTorso(u, v, w, withDirection);
    return hit;
  }

  #blendTorso(u: number, v: number, w: number, withDirection: boolean): void {
    const { focal, principal } = this.#rig;
    const p = this.#torsoPose;
    const inverse = this.#inverse;
    const hit = this.hit;
    const rx = (inverse[0]! * u + inverse[1]! * v + inverse[2]! - principal[0]!) / focal;
    const ry = -(inverse[3]! * u + inverse[4]! * v + inverse[5]! - principal[1]!) / focal;
    const depth = TORSO_BEHIND - p[11]!;
    const cx = rx * depth - p[9]!;
    const cy = ry * depth - p[10]!;
    const cz = -depth - p[11]!;
    hit.x = hit.x * (1 - w) + (p[0]! * cx + p[3]! * cy + p[6]! * cz) * w;
    hit.y = hit.y * (1 - w) + (p[1]! * cx + p[4]! * cy + p[7]! * cz) * w;
    hit.z = hit.z * (1 - w) + (p[2]! * cx + p[5]! * cy + p[8]! * cz) * w;
    if (!withDirection) return;
    const tx = p[0]! * rx + p[3]! * ry - p[6]!;
    const ty = p[1]! * rx + p[4]! * ry - p[7]!;
    const tz = p[2]! * rx + p[5]! * ry - p[8]!;
    const length = Math.sqrt(tx * tx + ty * ty + tz * tz);
    this.blended[0] = this.direction[0]! * (1 - w) + (tx / length) * w;
    this.blended[1] = this.direction[1]! * (1 - w) + (ty / length) * w;
    this.blended[2] = this.direction[2]! * (1 - w) + (tz / length) * w;
  }
}
