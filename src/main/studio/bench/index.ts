/** How fast an avatar is on this computer: each graph live, speech to motion, and a short export. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchResult } from '../../../shared/contract/index.ts';
import { openAvatar, openBundle, pickGraph, probeSound, type SpeedFigures } from '../avatar/index.ts';
import { exportVideo } from '../export/index.ts';
import type { MediaTools } from '../media/index.ts';
import { waveFile } from './wave-file.ts';

export interface BenchRequest {
  readonly tools: MediaTools;
  readonly avatarPath: string;
  readonly threads?: number;
}

const PREVIEW_HEIGHT = 360;
const GRAPH_MS = 4000;
const MOTION_SECONDS = 30;
const EXPORT_SECONDS = 3;
const SAMPLE_RATE = 16_000;

/** Times everything on the sound that came with the avatar. Raises what opening it raises. */
export async function benchAvatar({ tools, avatarPath, threads = 2 }: BenchRequest, signal?: AbortSignal): Promise<BenchResult> {
  const second = probeSound(await openBundle(avatarPath));
  const folder = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
  try {
    const graphs: SpeedFigures[] = [];
    let motion = 0;
    for (const graph of ['fast', 'std'] as const) {
      signal?.throwIfAborted();
      const avatar = await openAvatar(avatarPath, { graph, threads });
      try {
        graphs.push(await avatar.bench({ height: PREVIEW_HEIGHT, budgetMs: GRAPH_MS }));
        if (graph === 'fast') {
          const begin = performance.now();
          await avatar.motion(repeated(second, MOTION_SECONDS), avatar.manifest.source.fps);
          motion = MOTION_SECONDS / ((performance.now() - begin) / 1000);
        }
      } finally {
        await avatar.close();
      }
    }
    const audioPath = join(folder, 'sound.wav');
    await writeFile(audioPath, waveFile(repeated(second, EXPORT_SECONDS), SAMPLE_RATE));
    const written = await exportVideo({ tools, avatarPath, audioPath, outPath: join(folder, 'out.mp4'), mode: 'portrait', height: PREVIEW_HEIGHT, threads }, undefined, signal);
    const [fast, std] = graphs as [SpeedFigures, SpeedFigures];
    return {
      preview: pickGraph(fast, std) === 'std' ? std : fast,
      graphs,
      motion: { xRealtime: motion },
      export: { xRealtime: written.xRealtime },
      memoryMb: process.resourceUsage().maxRSS / 1024, // the peak of this process, engine threads included
      threads,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function repeated(second: Float32Array, seconds: number): Float32Array {
  const sound = new Float32Array(second.length * seconds);
  for (let k = 0; k < seconds; k++) sound.set(second, k * second.length);
  return sound;
}
