import { DirectionalLight, HemisphereLight, Scene } from 'three';
import type { Layer } from '../modes.ts';
import type { Placement, PixelSize } from '../placement.ts';
import { VERTICES } from '../../../../../shared/face/index.ts';
import type { FaceTrack } from '../../footage/track.ts';
import { type FacePose, poseAt, residuals } from './face-model.ts';
import { FitCamera } from './fit-camera.ts';
import { Flat } from './flat.ts';
import { Head } from './head.ts';
import { heatColours, heatScale } from './heat.ts';

/**
 * Height of a face on the screen, CSS pixels, from which on its mesh is drawn at full strength; smaller, it would be
 * one blot.
 */
const LARGE_FACE = 320;
/** A face is about as high, cm. */
const FACE_CM = 18;

/** Layers that show the mesh, one way or another. */
const SURFACES: readonly Layer[] = ['wire', 'shaded', 'heat', 'regions'];

/**
 * One face and what was measured of it, in camera space, seen through the camera of its fit. Needs no graphics card.
 */
export class FaceScene {
  readonly scene = new Scene();
  readonly camera = new FitCamera();
  readonly head: Head;
  readonly flat: Flat;
  readonly #track: FaceTrack;
  readonly #distances = new Float32Array(VERTICES);
  #scale: number | undefined;
  /** Screen pixels: of a source pixel, and of a CSS pixel. */
  #zoom = 1;
  #ratio = 1;

  constructor(track: FaceTrack) {
    this.#track = track;
    this.head = new Head(track);
    this.flat = new Flat(track);
    const light = new DirectionalLight('#ffffff', 2.2);
    light.position.set(-0.4, 0.6, 1); // over the camera's left shoulder
    this.scene.add(this.head, this.flat, light, new HemisphereLight('#ffffff', '#6b6f78', 1.1));
  }

  /** What the hottest colour of the residual stands for, source pixels. */
  get heatScale(): number | undefined {
    return this.#scale;
  }

  /** Where the picture is; before what is shown, since lines and points are drawn for that size. */
  place(placement: Placement, stage: PixelSize, ratio: number): void {
    this.#zoom = placement.scale;
    this.#ratio = ratio;
    this.camera.place(this.#track.focal, this.#track.principal, placement, stage);
  }

  /**
   * The fit of a source frame, with what was measured there; the answer is the mean residual, source pixels, if it is
   * on show.
   */
  measured(frame: number, layers: ReadonlySet<Layer>): number | undefined {
    const track = this.#track;
    const pose = poseAt(track, frame);
    const landmarks = layers.has('landmarks') || layers.has('heat') ? track.landmarks.at(frame) : undefined;
    this.head.pose(track, pose);
    this.flat.visible = true;
    this.#scale ??= layers.has('heat') ? heatScale(track) : undefined;
    const hot = landmarks !== undefined && this.#scale !== undefined && layers.has('heat');
    const mean = hot ? residuals(track, pose, this.head.vertices, landmarks, this.#distances) : undefined;
    if (hot) heatColours(this.#distances, this.#scale!, this.head.colours);
    this.head.show(hot ? layers : without(layers, 'heat'), this.#ratio, this.#strength(pose));
    this.flat.show(layers, landmarks, track.crop.subarray(frame * 3, frame * 3 + 3), this.#ratio, this.#strength(pose));
    return mean;
  }

  /** What drives an avatar's picture; nothing was measured there. */
  driven(pose: FacePose, layers: ReadonlySet<Layer>): void {
    this.head.pose(this.#track, pose);
    this.head.show(without(layers, 'heat'), this.#ratio, this.#strength(pose));
    this.flat.visible = false;
  }

  /** As a solid to be looked at from any side: in the round, if no way of showing it was chosen. */
  solid(pose: FacePose, layers: ReadonlySet<Layer>, ratio: number): void {
    const chosen = without(layers, 'heat');
    this.head.pose(this.#track, pose);
    this.head.show(
      SURFACES.some((layer) => chosen.has(layer)) ? chosen : new Set([...chosen, 'shaded', 'wire']),
      ratio,
      1,
    );
    this.flat.visible = false;
  }

  /** 0..1: how strong lines and points may be on a face of this size. */
  #strength({ translation }: FacePose): number {
    const height = (this.#track.focal * FACE_CM * this.#zoom) / Math.max(1, -translation[2]!) / this.#ratio;
    return Math.min(1, height / LARGE_FACE);
  }

  dispose(): void {
    this.head.dispose();
    this.flat.dispose();
  }
}

function without(layers: ReadonlySet<Layer>, left: Layer): ReadonlySet<Layer> {
  return new Set([...layers].filter((layer) => layer !== left));
}
