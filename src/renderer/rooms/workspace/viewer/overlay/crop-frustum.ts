import {
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  DoubleSide,
  Group,
  Mesh,
  MeshBasicMaterial,
  SRGBColorSpace,
} from 'three';
import { LineMaterial } from 'three/addons/lines/LineMaterial.js';
import { LineSegments2 } from 'three/addons/lines/LineSegments2.js';
import { LineSegmentsGeometry } from 'three/addons/lines/LineSegmentsGeometry.js';
import { type Camera, CROP_SIDE } from '../../../../../shared/face/index.ts';

/** How far the box reaches before and behind the middle of the head, cm. */
const HALF_DEPTH = 13;

/** The space that the head crop shows, cut before and behind the head, with the picture on its back. */
export class CropFrustum extends Group {
  readonly #edges = new LineSegments2(
    new LineSegmentsGeometry().setPositions(new Float32Array(12 * 6)),
    new LineMaterial({ color: '#8d939b', transparent: true, opacity: 0.8 }),
  );
  readonly #corners = new BufferAttribute(new Float32Array(4 * 3), 3);
  readonly #canvas = document.createElement('canvas');
  readonly #texture: CanvasTexture;
  readonly #back: Mesh<BufferGeometry, MeshBasicMaterial>;

  constructor() {
    super();
    this.#canvas.width = CROP_SIDE;
    this.#canvas.height = CROP_SIDE;
    this.#texture = new CanvasTexture(this.#canvas);
    this.#texture.colorSpace = SRGBColorSpace;
    const uv = new BufferAttribute(Float32Array.of(0, 1, 1, 1, 1, 0, 0, 0), 2);
    this.#back = new Mesh(
      new BufferGeometry().setIndex([0, 1, 2, 0, 2, 3]).setAttribute('position', this.#corners).setAttribute('uv', uv),
      new MeshBasicMaterial({ map: this.#texture, side: DoubleSide }),
    );
    this.#back.renderOrder = -1;
    for (const part of [this.#edges, this.#back]) {
      part.frustumCulled = false;
      this.add(part);
    }
  }

  /**
   * `crop` (x0, y0, size) in source pixels, `distance` of the head in cm; `draw` paints that part of the source over a
   * square.
   */
  show(
    { focal, principal }: Camera,
    crop: Float32Array,
    distance: number,
    width: number,
    draw: ((context: CanvasRenderingContext2D, side: number) => void) | null,
  ): void {
    const [x0, y0, side] = crop as unknown as [number, number, number];
    const at = (u: number, v: number, z: number): [number, number, number] => [
      ((u - principal[0]!) * z) / focal,
      ((principal[1]! - v) * z) / focal,
      -z,
    ];
    const rectangle = (z: number) => [
      at(x0, y0, z),
      at(x0 + side, y0, z),
      at(x0 + side, y0 + side, z),
      at(x0, y0 + side, z),
    ];
    const front = rectangle(Math.max(1, distance - HALF_DEPTH));
    const back = rectangle(distance + HALF_DEPTH);
    const around = (corners: [number, number, number][]) =>
      corners.flatMap((corner, i) => [...corner, ...corners[(i + 1) % 4]!]);
    this.#edges.geometry.setPositions([
      ...around(front),
      ...around(back),
      ...front.flatMap((corner, i) => [...corner, ...back[i]!]),
    ]);
    this.#edges.material.linewidth = width;
    for (const [i, corner] of back.entries()) this.#corners.setXYZ(i, ...corner);
    this.#corners.needsUpdate = true;
    this.#back.visible = draw !== null;
    const context = this.#canvas.getContext('2d');
    if (!draw || !context) return;
    draw(context, CROP_SIDE);
    this.#texture.needsUpdate = true;
  }

  override dispose(): void {
    super.dispose();
    this.#edges.geometry.dispose();
    this.#edges.material.dispose();
    this.#back.geometry.dispose();
    this.#back.material.dispose();
    this.#texture.dispose();
  }
}
