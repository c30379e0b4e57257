import { BufferAttribute, BufferGeometry, Color, DynamicDrawUsage, Group, Points, ShaderMaterial } from 'three';
import { LineMaterial } from 'three/addons/lines/LineMaterial.js';
import { LineSegments2 } from 'three/addons/lines/LineSegments2.js';
import { LineSegmentsGeometry } from 'three/addons/lines/LineSegmentsGeometry.js';
import type { Layer } from '../modes.ts';
import { LANDMARKS, VERTICES } from '../../../../../shared/face/index.ts';
import type { FaceTrack } from '../../footage/track.ts';

const POINT = '#ffe98a';
const IRIS = '#ff8ad8';
const CROP = '#ffffff';

/**
 * What was measured in the picture itself. It lies in the plane in which a source pixel is one unit wide: `focal`
 * before the camera.
 */
export class Flat extends Group {
  readonly #track: FaceTrack;
  /** The landmarks, camera space. */
  readonly points = new BufferAttribute(new Float32Array(LANDMARKS * 3), 3).setUsage(DynamicDrawUsage);
  readonly #points: Points<BufferGeometry, ShaderMaterial>;
  readonly #crop: LineSegments2;

  constructor(track: FaceTrack) {
    super();
    this.#track = track;
    const colours = Float32Array.from(
      { length: LANDMARKS * 3 },
      (_, i) => new Color(i < VERTICES * 3 ? POINT : IRIS).toArray()[i % 3]!,
    );
    this.#points = new Points(
      new BufferGeometry().setAttribute('position', this.points).setAttribute('color', new BufferAttribute(colours, 3)),
      discs(),
    );
    this.#crop = new LineSegments2(
      new LineSegmentsGeometry().setPositions(new Float32Array(4 * 6)),
      new LineMaterial({ color: CROP, transparent: true, opacity: 0.85, depthTest: false, dashed: false }),
    );
    this.#crop.renderOrder = 6;
    this.#points.renderOrder = 7;
    for (const part of [this.#points, this.#crop]) {
      part.frustumCulled = false;
      this.add(part);
    }
  }

  /**
   * `landmarks` [478,3] and `crop` (x0, y0, size), source pixels. `ratio` is screen pixels per CSS pixel, `strength`
   * (0..1) how large points may be.
   */
  show(
    layers: ReadonlySet<Layer>,
    landmarks: Float32Array | undefined,
    crop: Float32Array,
    ratio: number,
    strength: number,
  ): void {
    this.#points.visible = layers.has('landmarks') && landmarks !== undefined;
    this.#crop.visible = layers.has('crop');
    if (landmarks && this.#points.visible) {
      for (let i = 0; i < LANDMARKS * 3; i += 3)
        this.points.setXYZ(i / 3, ...this.#at(landmarks[i]!, landmarks[i + 1]!));
      this.points.needsUpdate = true;
      this.#points.material.uniforms.size!.value = ratio * (0.8 + 2.6 * strength);
    }
    if (this.#crop.visible) {
      const [x0, y0, side] = crop as unknown as [number, number, number];
      const corners = [
        this.#at(x0, y0),
        this.#at(x0 + side, y0),
        this.#at(x0 + side, y0 + side),
        this.#at(x0, y0 + side),
      ] as const;
      this.#crop.geometry.setPositions(corners.flatMap((corner, i) => [...corner, ...corners[(i + 1) % 4]!]));
      this.#crop.material.linewidth = 1.5 * ratio;
    }
  }

  override dispose(): void {
    super.dispose();
    this.#points.geometry.dispose();
    this.#points.material.dispose();
    this.#crop.geometry.dispose();
    this.#crop.material.dispose();
  }

  #at(u: number, v: number): [number, number, number] {
    const { focal, principal } = this.#track;
    return [u - principal[0], principal[1] - v, -focal];
  }
}

/** Round points of one size on the screen, with a dark rim so that they show on skin and on white. */
function discs(): ShaderMaterial {
  return new ShaderMaterial({
    transparent: true,
    depthTest: false,
    depthWrite: false,
    vertexColors: true,
    uniforms: { size: { value: 3 } },
    vertexShader: `
      uniform float size;
      varying vec3 tone;
      void main() {
        tone = color;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
        gl_PointSize = size + 2.0;
      }`,
    fragmentShader: `
      uniform float size;
      varying vec3 tone;
      void main() {
        float r = length(gl_PointCoord - 0.5) * (size + 2.0);
        float inside = 1.0 - smoothstep(size * 0.5 - 0.5, size * 0.5 + 0.5, r);
        float alpha = 1.0 - smoothstep(size * 0.5 + 0.25, size * 0.5 + 1.0, r);
        gl_FragColor = vec4(tone * inside, alpha * mix(0.6, 1.0, inside));
        #include <colorspace_fragment>
      }`,
  });
}
