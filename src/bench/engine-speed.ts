/** How fast an avatar is on this computer: each graph live, the speech chain, a whole export. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GraphName, openAvatar, readManifest, type SpeedFigures } from '../main/studio/engine/index.ts';
import { exportVideo } from '../main/studio/export/index.ts';
import { type MediaTools, type ProbedVideo, probeVideo, readSound, soundSeconds } from '../main/studio/media/index.ts';
import type { BenchResult } from './result.ts';
import { speechSpeed } from './speech-speed.ts';
import { unlessStopped } from './stopped.ts';

export interface EngineSpeedRequest {
  readonly tools: MediaTools;
  readonly avatarPath: string;
  /** The avatar's video and its analysis, where they are there: then a dub is timed too. */
  readonly filmed?: { readonly source: string; readonly analysisDir: string } | undefined;
  /** Some seconds of speech. */
  readonly audioPath: string;
  readonly threads: number;
  /** How long each graph is timed. */
  readonly seconds: number;
  /** How much live sound is heard; as much as fits in `seconds` by default. */
  readonly liveMinutes?: number | undefined;
}

const HEIGHT = 360;
const FORMS: readonly (readonly [graph: GraphName, file: string])[] = [
  ['std', 'render.onnx'],
  ['fast', 'render-fast.onnx'],
  ['closed', 'appearance.safetensors'],
];
/** Of the speech, so much is written for each second that a graph is timed: the sample's other voice has six. */
const WRITTEN = 1.2;

/** Raises StudioError('bad-bundle' | 'bad-audio' | 'cancelled'). */
export async function engineSpeed(
  { tools, avatarPath, filmed, audioPath, threads, seconds, liveMinutes }: EngineSpeedRequest,
  signal?: AbortSignal,
): Promise<Omit<BenchResult, 'live' | 'window' | 'profile'>> {
  const sound = await readSound(tools, audioPath);
  const graphs: SpeedFigures[] = [];
  const { files } = await readManifest(avatarPath);
  for (const [graph, file] of FORMS) {
    unlessStopped(signal);
    if (!files[file]) continue; // an instant avatar has no graphs, an older one no closed form
    const avatar = await openAvatar(avatarPath, { threads, graph });
    try {
      graphs.push(await avatar.bench({ height: HEIGHT, budgetMs: seconds * 1000 }));
    } finally {
      await avatar.close();
    }
  }
  unlessStopped(signal);
  const chosen = await openAvatar(avatarPath, { threads, graph: 'auto' });
  let motionXRealtime: number;
  try {
    const begin = performance.now();
    await chosen.motion(sound.samples, chosen.manifest.source.fps);
    motionXRealtime = soundSeconds(sound) / ((performance.now() - begin) / 1000);
  } finally {
    await chosen.close();
  }
  const folder = await mkdtemp(join(tmpdir(), 'likeness-bench-'));
  try {
    const part = { start: 0, seconds: Math.min(soundSeconds(sound), seconds * WRITTEN) };
    const film = (mode: 'portrait' | 'dub', height: number | 'source', outPath: string) =>
      exportVideo(
        {
          tools,
          avatarPath,
          ...filmed,
          sound: { kind: 'path', path: audioPath, part },
          outPath,
          mode,
          height,
          threads,
        },
        undefined,
        signal,
      );
    const written = await film('portrait', HEIGHT, join(folder, 'portrait.mp4'));
    const dubPath = join(folder, 'dub.mp4');
    const dubbed = filmed ? await film('dub', 'source', dubPath) : undefined;
    // The largest this process was while it drew, heard and exported, threads included; speech is timed in it later.
    const memoryMb = process.resourceUsage().maxRSS / 1024;
    const speech = await speechSpeed({ avatarPath, samples: sound.samples, seconds, liveMinutes }, signal).catch(
      (error: unknown) => {
        unlessStopped(signal);
        throw error;
      },
    );
    return {
      chosen: graphs.find(({ model }) => model === chosen.graph)!,
      graphs,
      motion: { xRealtime: motionXRealtime },
      speech,
      export: { xRealtime: written.xRealtime },
      ...(dubbed ? { dub: { ...sizeOf(await probeVideo(tools, dubPath)), xRealtime: dubbed.xRealtime } } : {}),
      memoryMb,
      threads,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sizeOf({ source: { width, height } }: ProbedVideo): { width: number; height: number } {
  return { width, height };
}
