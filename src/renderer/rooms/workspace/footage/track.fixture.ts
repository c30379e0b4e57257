import { type TensorToWrite, writeSafetensors } from '../../../../shared/binary/index.ts';

/** Any numbers that are the same every time, between -1 and 1. */
export function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

const filled = (
  shape: readonly number[],
  seed: number,
  scale: number,
  offset: (index: number) => number = () => 0,
): TensorToWrite => {
  const values = noise(
    shape.reduce((product, size) => product * size, 1),
    seed,
  );
  return { shape, values: values.map((value, i) => value * scale + offset(i)) };
};

/** Rotation by these angles about x, then y, then z; row-major. */
function rotation(x: number, y: number, z: number): number[] {
  const [cx, sx, cy, sy, cz, sz] = [Math.cos(x), Math.sin(x), Math.cos(y), Math.sin(y), Math.cos(z), Math.sin(z)];
  return [
    cz * cy,
    cz * sy * sx - sz * cx,
    cz * sy * cx + sz * sx,
    sz * cy,
    sz * sy * sx + cz * cx,
    sz * sy * cx - cz * sx,
    -sy,
    cy * sx,
    cy * cx,
  ];
}

/**
 * A track file of a face that is nobody's, in a picture 1080 wide and 1920 high whose principal point is not its
 * middle.
 */
export function trackFile(
  frames: number,
  changes: Readonly<Record<string, TensorToWrite>> = {},
  version = '1',
): Uint8Array<ArrayBuffer> {
  const angles = noise(frames * 3, 5);
  return writeSafetensors(
    {
      time: { shape: [frames], values: Float64Array.from({ length: frames }, (_, frame) => frame / 30) },
      state: { shape: [frames], values: Uint8Array.from({ length: frames }, (_, frame) => (frame === 3 ? 2 : 0)) },
      aperture: filled([frames], 1, 0.2),
      landmarks: filled([frames, 478, 3], 2, 300, () => 600),
      neutral: filled([468, 3], 3, 8),
      expression_basis: filled([64, 468, 3], 4, 0.1),
      expression: filled([frames, 64], 6, 2),
      rotation: {
        shape: [frames, 3, 3],
        values: Float32Array.from(
          Array.from({ length: frames }, (_, frame) =>
            rotation(angles[frame * 3]! * 0.4, angles[frame * 3 + 1]! * 0.7, angles[frame * 3 + 2]! * 0.2),
          ).flat(),
        ),
      },
      translation: filled([frames, 3], 7, 4, (i) => (i % 3 === 2 ? -60 : 2)),
      focal: { shape: [1], values: Float32Array.of(1730.5) },
      principal: { shape: [2], values: Float32Array.of(548, 931) },
      crop: {
        shape: [frames, 3],
        values: Float32Array.from({ length: frames * 3 }, (_, i) => [210, 380, 512][i % 3]!),
      },
      face_box: filled([frames, 4], 8, 10, () => 300),
      triangles: { shape: [898, 3], values: Int32Array.from({ length: 898 * 3 }, (_, i) => (i * 7) % 468) },
      mouth_triangles: { shape: [18], values: Int32Array.from({ length: 18 }, (_, i) => 852 + i) },
      identity: filled([80], 9, 1), // not read here
      ...changes,
    },
    { format: 'likeness.track', version },
  );
}

/** Answers range requests for `bytes`, as the media routes do, and counts them. */
export function ranges(bytes: () => Uint8Array<ArrayBuffer>): {
  readonly fetch: typeof fetch;
  readonly asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (_, request) => {
      const range = new Headers(request?.headers).get('Range') ?? '';
      asked.push(range);
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
      const all = bytes();
      const end = Math.min(Number(to), all.length - 1);
      return new Response(all.slice(Number(from), end + 1), {
        status: 206,
        headers: { 'Content-Range': `bytes ${from}-${end}/${all.length}` },
      });
    },
  };
}
