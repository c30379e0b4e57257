/**
 * What the mesh gives the renderer for one frame: `docs/formats.md`, section Proxies.
 * The twin of the trainer's `renderer/proxies.py`; `self-check.ts` compares the two on every avatar that is opened.
 */
import { CROP_SIDE, poseVertices, VERTICES } from '../../../../shared/face/index.ts';
import { GEOMETRY } from '../../../../shared/format/index.ts';
import { CONDITIONS, type Control, HULL_SIDE, type Rig } from '../bundle/index.ts';
import { projectToCrop, RAY_SIDE } from './mesh.ts';
import { rasterize, rasterTarget } from './rasterizer.ts';
import { RayCaster } from './rays.ts';

const BOX = GEOMETRY.boxCm; // half side of the cube that tri-planes and hull span
const MESH_HALF_WIDTH = GEOMETRY.meshHalfWidthCm;
const SKULL_HALF_WIDTH = GEOMETRY.skullHalfWidthCm;
const TORSO_HALF_WIDTH = GEOMETRY.torsoHalfWidthCm;
const POCKET_DEPTH = GEOMETRY.pocketDepthCm; // behind the lips
const MOUTH_REACH = GEOMETRY.mouthReachCm; // from the lip centre to the edge of the mouth's patch
const LIP = GEOMETRY.innerLip;

export const RAYS = RAY_SIDE * RAY_SIDE;
export const PIXELS = CROP_SIDE * CROP_SIDE;
export const ATLAS_ROWS = GEOMETRY.atlas.rows;
export const ATLAS_COLUMNS = GEOMETRY.atlas.columns;
const { none, face, mouth, offMesh } = GEOMETRY.regions;
export const CropRegion = { none: none.number, face: face.number, mouth: mouth.number, offMesh: offMesh.number };
/** Each region's patch in the atlas, by region. */
const PATCHES = [none, face, mouth, offMesh].toSorted((a, b) => a.number - b.number);
const PATCH_LEFT = PATCHES.map(({ left }) => left);
const PATCH_TOP = PATCHES.map(({ top }) => top);
const PATCH_SIDE = PATCHES.map(({ side }) => side);

const NO_ATTRIBUTES = new Float32Array(0);

/** One frame's proxies; every `build` writes into the same arrays. */
export class Proxies {
  readonly points = new Float32Array(RAYS * 3); // head space / 19 cm
  readonly directions = new Float32Array(RAYS * 3);
  readonly halfWidth = new Float32Array(RAYS); // / 19 cm; 0 where the hull is empty
  readonly texture = new Float32Array(PIXELS * 2); // atlas position -1..1; -2 where region is 0
  readonly region = new Uint8Array(PIXELS);
  readonly condition = new Float32Array(CONDITIONS);
  /** [488,3]: crop pixels 0..256 and depth in cm; the last 20 repeat the inner lip. */
  readonly screen = new Float32Array((VERTICES + LIP) * 3);
  /** [468,3] cm, head space. */
  readonly vertices = new Float32Array(VERTICES * 3);
  readonly triangles: Int32Array;
  readonly #rig: Rig;
  readonly #rays: RayCaster;
  readonly #direction = new Float64Array(3);
  readonly #canonical: Float32Array; // [488,3] neutral coordinates, the pocket's behind the lips
  readonly #addresses: Float32Array; // [488,3] patch position -1..1 and 1 for the mouth pocket
  readonly #coarse = rasterTarget(RAY_SIDE, RAY_SIDE, 3);
  readonly #fine = rasterTarget(CROP_SIDE, CROP_SIDE, 3);
  readonly #outline = { ...this.#fine, channels: 0, image: NO_ATTRIBUTES };

  constructor(rig: Rig, torsoPose: Float32Array) {
    this.#rig = rig;
    this.#rays = new RayCaster(rig, torsoPose, CROP_SIDE);
    this.triangles = withPocket(rig);
    this.#canonical = new Float32Array((VERTICES + LIP) * 3);
    this.#canonical.set(rig.neutral);
    this.#addresses = new Float32Array((VERTICES + LIP) * 3);
    for (let i = 0; i < VERTICES; i++) {
      this.#addresses[i * 3] = rig.uv[i * 2]! * 2 - 1;
      this.#addresses[i * 3 + 1] = rig.uv[i * 2 + 1]! * 2 - 1;
    }
    for (let i = 0; i < LIP; i++) this.#addresses[(VERTICES + i) * 3 + 2] = 1;
  }

  /** The mesh alone: `vertices` and `screen`. */
  place(control: Control): void {
    poseVertices(this.#rig, control.expression, this.vertices);
    projectToCrop(this.#rig, control, this.vertices, this.screen);
    this.#placePocket();
  }

  build(control: Control): void {
    const rig = this.#rig;
    this.#see(control);
    rasterize(this.#fine, this.screen, 1, this.#addresses, this.triangles);
    this.#address(control.crop);
    for (let i = 0; i < CONDITIONS; i++) {
      const raw = i < 32 ? control.expression[i]! : control.gaze[i - 32]!;
      const standard = (raw - rig.conditionMean[i]!) * rig.conditionScale[i]!;
      this.condition[i] = Math.min(Math.max(standard, -3), 3) / 2;
    }
  }

  /** What a dub needs where no network draws: `place`, the rays' points, and what the mesh covers. */
  cover(control: Control): void {
    this.#see(control);
    rasterize(this.#outline, this.screen, 1, NO_ATTRIBUTES, this.triangles);
  }

  /** Of each pixel of the crop the depth of the mesh, cm; infinite where it does not show. */
  get depth(): Float32Array {
    return this.#fine.depth;
  }

  #see(control: Control): void {
    this.place(control);
    rasterize(this.#coarse, this.screen, RAY_SIDE / CROP_SIDE, this.#canonical, this.triangles);
    this.#rays.aim(control);
    this.#castSurface(control.crop);
  }

  /** The inner lip once more, seen at the same place but carrying coordinates behind the lips: the mouth pocket. */
  #placePocket(): void {
    const { innerLip, lipCentre } = this.#rig;
    for (let i = 0; i < LIP; i++) {
      const from = innerLip[i]! * 3;
      const to = (VERTICES + i) * 3;
      for (let c = 0; c < 3; c++) {
        this.screen[to + c] = this.screen[from + c]!;
        this.#canonical[to + c] = this.vertices[from + c]! - (c === 2 ? POCKET_DEPTH : 0);
        if (c < 2) this.#addresses[to + c] = (this.vertices[from + c]! - lipCentre[c]!) / MOUTH_REACH;
      }
    }
  }

  #castSurface(crop: Float32Array): void {
    const rays = this.#rays;
    const direction = this.#direction;
    const { image, depth } = this.#coarse;
    const step = crop[2]! / RAY_SIDE;
    for (let i = 0, pixel = 0; i < RAY_SIDE; i++) {
      const v = crop[1]! + (i + 0.5) * step;
      rays.castRow(crop[0]! + 0.5 * step, v, step, RAY_SIDE, depth, pixel);
      for (let j = 0; j < RAY_SIDE; j++, pixel++) {
        const onMesh = depth[pixel]! !== Infinity;
        const at = pixel * 3;
        const x = onMesh ? image[at]! : rays.x[j]!;
        const y = onMesh ? image[at + 1]! : rays.y[j]!;
        const z = onMesh ? image[at + 2]! : rays.z[j]!;
        const torso = onMesh ? 0 : rays.torso[j]!;
        rays.direction(crop[0]! + (j + 0.5) * step, v, torso, direction);
        const width = onMesh ? MESH_HALF_WIDTH : SKULL_HALF_WIDTH * (1 - torso) + TORSO_HALF_WIDTH * torso;
        this.points[at] = x / BOX;
        this.points[at + 1] = y / BOX;
        this.points[at + 2] = z / BOX;
        this.directions[at] = direction[0]!;
        this.directions[at + 1] = direction[1]!;
        this.directions[at + 2] = direction[2]!;
        this.halfWidth[pixel] = insideHull(this.#rig.hull, x, y) ? width / BOX : 0;
      }
    }
  }

  #address(crop: Float32Array): void {
    const rays = this.#rays;
    const { hull } = this.#rig;
    const { region, texture } = this;
    const { image, depth } = this.#fine;
    const step = crop[2]! / CROP_SIDE;
    for (let i = 0, pixel = 0; i < CROP_SIDE; i++) {
      rays.castRow(crop[0]! + 0.5 * step, crop[1]! + (i + 0.5) * step, step, CROP_SIDE, depth, pixel);
      for (let j = 0; j < CROP_SIDE; j++, pixel++) {
        let kind: number = CropRegion.none;
        let a = 0;
        let b = 0;
        if (depth[pixel]! !== Infinity) {
          kind = image[pixel * 3 + 2]! > 0.5 ? CropRegion.mouth : CropRegion.face;
          a = image[pixel * 3]!;
          b = image[pixel * 3 + 1]!;
        } else if (insideHull(hull, rays.x[j]!, rays.y[j]!)) {
          kind = CropRegion.offMesh;
          a = rays.x[j]! / BOX;
          b = rays.y[j]! / BOX;
        }
        region[pixel] = kind;
        if (kind === CropRegion.none) {
          texture[pixel * 2] = texture[pixel * 2 + 1] = -2;
          continue;
        }
        const left = PATCH_LEFT[kind]!;
        const top = PATCH_TOP[kind]!;
        const side = PATCH_SIDE[kind]!;
        const limit = 1 - 1 / side;
        const column = left + ((Math.min(Math.max(a, -limit), limit) + 1) / 2) * side;
        const row = top + ((Math.min(Math.max(b, -limit), limit) + 1) / 2) * side;
        texture[pixel * 2] = (2 * column) / ATLAS_COLUMNS - 1;
        texture[pixel * 2 + 1] = (2 * row) / ATLAS_ROWS - 1;
      }
    }
  }
}

/** Triangles [898,3] whose mouth faces use the repeated inner-lip vertices 468..487. */
function withPocket(rig: Rig): Int32Array {
  const repeated = new Map(Array.from(rig.innerLip, (vertex, i) => [vertex, VERTICES + i]));
  const triangles = rig.triangles.slice();
  for (const face of rig.mouthTriangles) {
    for (let c = face * 3; c < face * 3 + 3; c++) triangles[c] = repeated.get(triangles[c]!) ?? triangles[c]!;
  }
  return triangles;
}

/** Whether the visual hull holds canonical position (x, y), cm. */
function insideHull(hull: Uint8Array, x: number, y: number): boolean {
  const row = Math.min(Math.max(Math.floor(((y / BOX + 1) / 2) * HULL_SIDE), 0), HULL_SIDE - 1);
  const column = Math.min(Math.max(Math.floor(((x / BOX + 1) / 2) * HULL_SIDE), 0), HULL_SIDE - 1);
  return hull[row * HULL_SIDE + column]! > 0;
}
