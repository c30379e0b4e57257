import { Vector3 } from 'three';
import { afterEach, expect, test, vi } from 'vitest';
import { FIT, place, type SourcePart, type PixelSize, type Zoom } from '../placement.ts';
import { openTrack, type FaceTrack } from '../../footage/track.ts';
import { ranges, trackFile } from '../../footage/track.fixture.ts';
import { FaceScene } from './face-scene.ts';

afterEach(() => vi.unstubAllGlobals());

const FRAMES = 6;
const SOURCE: SourcePart = { x0: 0, y0: 0, width: 1080, height: 1920 };
/** What the avatar's picture covers: beyond the edge of the source, on its left. */
const PART: SourcePart = { x0: -40.5, y0: 350.25, width: 720, height: 640 };
const stages: readonly PixelSize[] = [
  { width: 900, height: 396 },
  { width: 2333, height: 1717 },
];
const zooms: readonly Zoom[] = [
  FIT,
  { kind: 'free', scale: 1, x: 0.5, y: 0.5 },
  { kind: 'free', scale: 5.3, x: 0.31, y: 0.44 },
  { kind: 'free', scale: 0.2, x: 1, y: 0 },
];

/** docs/formats.md, Coordinates, written out: where vertex `i` of a frame lies, source pixels. */
function projected(track: FaceTrack, frame: number, i: number): { readonly u: number; readonly v: number } {
  const X = [0, 1, 2].map(
    (axis) =>
      track.neutral[i * 3 + axis]! +
      Array.from(
        { length: 64 },
        (_, k) => track.expression[frame * 64 + k]! * track.expressionBasis[(k * 468 + i) * 3 + axis]!,
      ).reduce((sum, term) => sum + term, 0),
  );
  const C = [0, 1, 2].map((row) =>
    [0, 1, 2].reduce(
      (sum, column) => sum + track.rotation[frame * 9 + row * 3 + column]! * X[column]!,
      track.translation[frame * 3 + row]!,
    ),
  );
  const Z = -C[2]!;
  return { u: track.principal[0] + (track.focal * C[0]!) / Z, v: track.principal[1] - (track.focal * C[1]!) / Z };
}

test('every vertex of the overlay lies where the stored fit puts it, at every size and place', async () => {
  const file = trackFile(FRAMES);
  vi.stubGlobal('fetch', ranges(() => file).fetch);
  const track = await openTrack('/track');
  const face = new FaceScene(track);
  let worst = 0;
  for (const stage of stages) {
    for (const part of [SOURCE, PART]) {
      for (const zoom of zooms) {
        const placement = place(zoom, part, stage, 8);
        for (let frame = 0; frame < FRAMES; frame++) {
          face.place(placement, stage, 1);
          face.measured(frame, new Set(['wire', 'crop']));
          face.scene.updateMatrixWorld();
          face.camera.updateMatrixWorld();
          for (let i = 0; i < 468; i++) {
            const { x, y } = new Vector3()
              .fromArray(face.head.vertices, i * 3)
              .applyMatrix4(face.head.matrixWorld)
              .project(face.camera);
            const { u, v } = projected(track, frame, i);
            const off = Math.hypot(
              ((x + 1) / 2) * stage.width - (placement.left + placement.scale * (u - part.x0)),
              ((1 - y) / 2) * stage.height - (placement.top + placement.scale * (v - part.y0)),
            );
            worst = Math.max(worst, off);
          }
        }
      }
    }
  }
  expect(worst).toBeLessThan(0.01); // screen pixels; the promise is one
});

test('what was measured in source pixels lies on those pixels', async () => {
  const file = trackFile(FRAMES);
  vi.stubGlobal('fetch', ranges(() => file).fetch);
  const track = await openTrack('/track');
  const face = new FaceScene(track);
  const [stage] = stages as [PixelSize];
  const placement = place({ kind: 'free', scale: 2.5, x: 0.4, y: 0.3 }, SOURCE, stage);
  face.place(placement, stage, 1);
  track.landmarks.at(0);
  await new Promise<void>((resolve) => void track.landmarks.onArrival(resolve));
  face.measured(0, new Set(['landmarks']));
  face.camera.updateMatrixWorld();
  const points = face.flat.points;
  for (const i of [0, 1, 200, 477]) {
    const { x, y } = new Vector3().fromBufferAttribute(points, i).project(face.camera);
    const landmarks = track.landmarks.at(0)!;
    expect(((x + 1) / 2) * stage.width).toBeCloseTo(placement.left + 2.5 * landmarks[i * 3]!, 2);
    expect(((1 - y) / 2) * stage.height).toBeCloseTo(placement.top + 2.5 * landmarks[i * 3 + 1]!, 2);
  }
});
