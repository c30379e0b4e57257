import { PerspectiveCamera, Vector3, WebGLRenderer } from 'three';
import type { Layer } from '../modes.ts';
import type { Placement, PixelSize } from '../placement.ts';
import type { FaceTrack } from '../../footage/track.ts';
import { CropFrustum } from './crop-frustum.ts';
import { type FacePose, poseAt } from './face-model.ts';
import { FaceScene } from './face-scene.ts';
import type { Orbit } from './orbit.ts';

/** A face to lay over part of the stage, from column `from` to `to` in screen pixels. */
export type OverlaidFace = { readonly from: number; readonly to: number } & (
  { readonly kind: 'measured'; readonly frame: number } | { readonly kind: 'driven'; readonly pose: FacePose }
);

const FIELD_OF_VIEW = 36; // degrees
/** From here all of the crop's box is seen, as a share of its side. */
const USUAL_DISTANCE = 2.3;

/** Draws over the picture. Only this file and what it imports knows three.js; it is loaded when it is first needed. */
export class Overlay {
  readonly #renderer: WebGLRenderer;
  #track: FaceTrack | undefined;
  #measured: FaceScene | undefined;
  #driven: FaceScene | undefined;
  #frustum: CropFrustum | undefined;
  readonly #eye = new PerspectiveCamera(FIELD_OF_VIEW, 1, 1, 1000);

  /** Raises Error where there is no WebGL. */
  constructor(canvas: HTMLCanvasElement) {
    this.#renderer = new WebGLRenderer({ canvas, alpha: true, antialias: true, powerPreference: 'low-power' });
    this.#renderer.setPixelRatio(1); // the stage counts in screen pixels
    this.#renderer.setClearColor('#000000', 0);
    this.#renderer.autoClear = false;
  }

  setTrack(track: FaceTrack): void {
    if (track === this.#track) return;
    this.#dropScenes();
    this.#track = track;
    this.#measured = new FaceScene(track);
    this.#driven = new FaceScene(track);
  }

  get heatScale(): number | undefined {
    return this.#measured?.heatScale;
  }

  clear(stage: PixelSize): void {
    this.#begin(stage);
  }

  /** The answer is the mean residual of the measured face, source pixels, if it is on show. */
  draw(
    faces: readonly OverlaidFace[],
    layers: ReadonlySet<Layer>,
    placement: Placement,
    stage: PixelSize,
    ratio: number,
  ): number | undefined {
    this.#begin(stage);
    let mean: number | undefined;
    this.#renderer.setScissorTest(true);
    for (const face of faces) {
      const scene = face.kind === 'measured' ? this.#measured : this.#driven;
      if (!scene) continue;
      scene.place(placement, stage, ratio);
      if (face.kind === 'measured') mean = scene.measured(face.frame, layers);
      else scene.driven(face.pose, layers);
      this.#renderer.setScissor(face.from, 0, Math.max(0, face.to - face.from), stage.height);
      this.#renderer.render(scene.scene, scene.camera);
    }
    this.#renderer.setScissorTest(false);
    return mean;
  }

  /**
   * The head in the box of its crop, at source frame `frame` or as an avatar's picture drives it. `paint` puts a square
   * part of the source, source pixels, on a canvas.
   */
  drawHead({
    orbit,
    frame,
    pose,
    layers,
    stage,
    ratio,
    paint,
  }: {
    readonly orbit: Orbit;
    readonly frame: number;
    readonly pose: FacePose | null;
    readonly layers: ReadonlySet<Layer>;
    readonly stage: PixelSize;
    readonly ratio: number;
    readonly paint: ((context: CanvasRenderingContext2D, side: number, crop: Float32Array) => void) | null;
  }): void {
    this.#begin(stage);
    const [track, scene] = [this.#track, this.#measured];
    if (!track || !scene) return;
    const shown = pose ?? poseAt(track, frame);
    const crop = track.crop.subarray(frame * 3, frame * 3 + 3);
    scene.solid(shown, layers, ratio);
    this.#frustum ??= new CropFrustum();
    const middle = new Vector3(...shown.translation);
    this.#frustum.show(track, crop, -middle.z, 1.25 * ratio, paint && ((context, side) => paint(context, side, crop)));
    const { azimuth, elevation, distance } = orbit;
    const [x0, y0, size] = crop as unknown as [number, number, number];
    const cm = -middle.z / track.focal; // of a source pixel, where the head is
    const side = size * cm;
    middle.set((x0 + size / 2 - track.principal[0]) * cm, (track.principal[1] - y0 - size / 2) * cm, middle.z);
    const away = USUAL_DISTANCE * side * distance * Math.max(1, stage.height / stage.width);
    this.#eye.position
      .set(Math.sin(azimuth) * Math.cos(elevation), Math.sin(elevation), Math.cos(azimuth) * Math.cos(elevation))
      .multiplyScalar(away)
      .add(middle);
    this.#eye.lookAt(middle);
    this.#eye.aspect = stage.width / stage.height;
    this.#eye.updateProjectionMatrix();
    scene.scene.add(this.#frustum);
    this.#renderer.render(scene.scene, this.#eye);
    scene.scene.remove(this.#frustum);
  }

  close(): void {
    this.#dropScenes();
    this.#frustum?.dispose();
    this.#renderer.dispose();
  }

  #begin({ width, height }: PixelSize): void {
    const { domElement } = this.#renderer;
    if (domElement.width !== width || domElement.height !== height) this.#renderer.setSize(width, height, false);
    this.#renderer.clear();
  }

  #dropScenes(): void {
    this.#measured?.dispose();
    this.#driven?.dispose();
  }
}
