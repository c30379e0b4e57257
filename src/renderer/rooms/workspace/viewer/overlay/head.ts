import {
  BufferAttribute,
  BufferGeometry,
  ConeGeometry,
  CylinderGeometry,
  DoubleSide,
  DynamicDrawUsage,
  Group,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
} from 'three';
import { LineMaterial } from 'three/addons/lines/LineMaterial.js';
import { LineSegments2 } from 'three/addons/lines/LineSegments2.js';
import { LineSegmentsGeometry } from 'three/addons/lines/LineSegmentsGeometry.js';
import type { Layer } from '../modes.ts';
import { poseVertices, VERTICES } from '../../../../../shared/face/index.ts';
import type { FaceTrack } from '../../footage/track.ts';
import type { FacePose } from './face-model.ts';

/** The track's last 46 triangles close the mouth and the eyes. */
const CLOSING = 46;
const REGIONS = { face: '#5aa9ff', mouth: '#ff5f8f', eyes: '#ffd257' } as const;
const WIRE = '#7df0c4';
const AXES = [
  ['#ff5a4f', [0, 0, -Math.PI / 2]],
  ['#6fdc5c', [0, 0, 0]],
  ['#5b9dff', [Math.PI / 2, 0, 0]],
] as const;
const AXIS_CM = 9;

/** The face mesh and its axes in head space, cm; its matrix is the pose. */
export class Head extends Group {
  readonly vertices = new Float32Array(VERTICES * 3);
  readonly colours = new Float32Array(VERTICES * 3); // of the residual
  readonly #position = new BufferAttribute(this.vertices, 3).setUsage(DynamicDrawUsage);
  readonly #colour = new BufferAttribute(this.colours, 3).setUsage(DynamicDrawUsage);
  readonly #surface: BufferGeometry;
  readonly #edges: Uint16Array; // [edges,2]
  readonly #ends: Float32Array; // [edges,2,3]
  readonly #wire: LineSegmentsGeometry;
  readonly #parts: Readonly<Record<'depth' | 'shaded' | 'heat', Mesh> & Record<'regions' | 'axes', Group>> & {
    readonly wire: LineSegments2;
  };

  constructor(track: FaceTrack) {
    super();
    this.matrixAutoUpdate = false;
    this.vertices.set(track.neutral);
    this.#surface = this.#geometry(Array.from(track.triangles));
    const { face, mouth, eyes } = regionTriangles(track);
    this.#edges = edgesOf(face);
    this.#ends = new Float32Array(this.#edges.length * 3);
    this.#wire = new LineSegmentsGeometry().setPositions(this.#ends);
    const regions = new Group();
    for (const [region, triangles] of Object.entries({ face, mouth, eyes }) as [keyof typeof REGIONS, number[]][]) {
      regions.add(
        inOrder(
          new Mesh(
            this.#geometry(triangles),
            new MeshBasicMaterial({
              color: REGIONS[region],
              transparent: true,
              opacity: region === 'face' ? 0.35 : 0.65,
              side: DoubleSide,
              depthWrite: false,
            }),
          ),
          2,
        ),
      );
    }
    this.#parts = {
      // Drawn first and invisible, so that what lies behind the nose stays behind it.
      depth: inOrder(
        new Mesh(
          this.#surface,
          new MeshBasicMaterial({
            colorWrite: false,
            side: DoubleSide,
            polygonOffset: true,
            polygonOffsetFactor: 1,
            polygonOffsetUnits: 4,
          }),
        ),
        0,
      ),
      shaded: inOrder(
        new Mesh(
          this.#surface,
          new MeshLambertMaterial({ color: '#d8d4cc', transparent: true, opacity: 0.9, side: DoubleSide }),
        ),
        1,
      ),
      regions,
      heat: inOrder(
        new Mesh(
          this.#surface,
          new MeshBasicMaterial({
            vertexColors: true,
            transparent: true,
            opacity: 0.8,
            side: DoubleSide,
            depthWrite: false,
          }),
        ),
        3,
      ),
      wire: inOrder(
        new LineSegments2(
          this.#wire,
          new LineMaterial({
            color: WIRE,
            transparent: true,
            opacity: 0.75,
            polygonOffset: true,
            polygonOffsetFactor: -1,
            polygonOffsetUnits: -4,
          }),
        ),
        4,
      ),
      axes: axes(),
    };
    for (const part of Object.values(this.#parts)) this.add(part);
  }

  pose(track: FaceTrack, { expression, rotation: r, translation: t }: FacePose): void {
    poseVertices(track, expression, this.vertices);
    this.matrix.set(r[0]!, r[1]!, r[2]!, t[0]!, r[3]!, r[4]!, r[5]!, t[1]!, r[6]!, r[7]!, r[8]!, t[2]!, 0, 0, 0, 1);
    this.matrixWorldNeedsUpdate = true;
    this.#position.needsUpdate = true;
  }

  /**
   * What is drawn of it, lines `strength` (0..1) strong; `ratio` is screen pixels per CSS pixel. Call after `pose`:
   * only what is on show is kept up to date.
   */
  show(layers: ReadonlySet<Layer>, ratio: number, strength: number): void {
    const { depth, shaded, regions, heat, wire, axes: cross } = this.#parts;
    shaded.visible = layers.has('shaded');
    regions.visible = layers.has('regions');
    heat.visible = layers.has('heat');
    wire.visible = layers.has('wire');
    cross.visible = layers.has('axes');
    depth.visible = shaded.visible || regions.visible || heat.visible || wire.visible;
    if (shaded.visible) this.#surface.computeVertexNormals();
    if (heat.visible) this.#colour.needsUpdate = true;
    if (!wire.visible) return;
    wire.material.linewidth = ratio * (0.6 + 0.5 * strength);
    wire.material.opacity = 0.2 + 0.6 * strength;
    for (let end = 0; end < this.#edges.length; end++)
      for (let c = 0; c < 3; c++) this.#ends[end * 3 + c] = this.vertices[this.#edges[end]! * 3 + c]!;
    const instances = this.#wire.getAttribute('instanceStart');
    if ('data' in instances) {
      (instances.data.array as Float32Array).set(this.#ends);
      instances.data.needsUpdate = true;
    }
  }

  /** Gives back what lies on the graphics card. */
  override dispose(): void {
    super.dispose();
    this.traverse((part) => {
      if (!(part instanceof Mesh)) return;
      part.geometry.dispose();
      for (const material of [part.material].flat()) material.dispose();
    });
  }

  #geometry(triangles: number[]): BufferGeometry {
    return new BufferGeometry()
      .setIndex(triangles)
      .setAttribute('position', this.#position)
      .setAttribute('color', this.#colour);
  }
}

/** Vertex numbers, three a triangle, of the face and of what closes the mouth and the eyes. */
function regionTriangles({ triangles, mouthTriangles }: FaceTrack): Readonly<Record<keyof typeof REGIONS, number[]>> {
  const mouth = new Set(mouthTriangles);
  const first = triangles.length / 3 - CLOSING;
  const parts = { face: [] as number[], mouth: [] as number[], eyes: [] as number[] };
  for (let row = 0; row * 3 < triangles.length; row++) {
    const part = mouth.has(row) ? parts.mouth : row < first ? parts.face : parts.eyes;
    part.push(triangles[row * 3]!, triangles[row * 3 + 1]!, triangles[row * 3 + 2]!);
  }
  return parts;
}

/** Each side of the triangles once. */
function edgesOf(triangles: readonly number[]): Uint16Array {
  const seen = new Set<number>();
  for (let i = 0; i < triangles.length; i += 3) {
    for (let side = 0; side < 3; side++) {
      const [a, b] = [triangles[i + side]!, triangles[i + ((side + 1) % 3)]!];
      seen.add(Math.min(a, b) * VERTICES + Math.max(a, b));
    }
  }
  return Uint16Array.from([...seen].flatMap((edge) => [Math.floor(edge / VERTICES), edge % VERTICES]));
}

/** x red, y green, z blue, over everything else. */
function axes(): Group {
  const group = new Group();
  const shaft = new CylinderGeometry(0.09, 0.09, AXIS_CM - 1).translate(0, (AXIS_CM - 1) / 2, 0);
  const tip = new ConeGeometry(0.32, 1).translate(0, AXIS_CM - 0.5, 0);
  for (const [color, rotation] of AXES) {
    const axis = new Group();
    const material = new MeshBasicMaterial({ color, depthTest: false, transparent: true });
    axis.add(inOrder(new Mesh(shaft, material), 5), inOrder(new Mesh(tip, material), 5));
    axis.rotation.set(rotation[0], rotation[1], rotation[2]);
    group.add(axis);
  }
  return group;
}

/** Culling would need bounds kept up to date with every pose. */
function inOrder<T extends Mesh>(mesh: T, order: number): T {
  mesh.renderOrder = order;
  mesh.frustumCulled = false;
  return mesh;
}
