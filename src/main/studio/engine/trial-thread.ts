/** The thread of a trial: everything that an avatar is used for, once. */
import { parentPort, workerData } from 'node:worker_threads';
import { StudioError, type StudioErrorShape } from '../../../shared/contract/index.ts';
import { controlOf, openBundle, readManifest, readRig } from './bundle/index.ts';
import { GRAPH_FILES } from './draw/index.ts';
import { Engine } from './engine.ts';
import { NaturalMotion } from './manner/index.ts';
import { LIVE_FILE, LiveDrive, LONGEST_PIECE_WITHIN, SPEECH_RATE, SpeechDrive } from './speech/index.ts';
import type { Verdict } from './trial.ts';

const HEIGHT = 360;
/** What is said to the end. */
const SPOKEN_SECONDS = 2;
/** What a network takes may grow with the sound, and nothing that it hears in use is longer than its longest piece. */
const HEARD_SECONDS = Math.ceil(LONGEST_PIECE_WITHIN);
/** Live sound is heard in steps, of which each takes what the one before does. */
const LIVE_SECONDS = 20;
const PART_SECONDS = 2;
const THREADS = 2;

void tryOut(workerData as string).then(
  () => tell({ kind: 'usable' }),
  (error: unknown) => tell({ kind: 'refused', error: shapeOf(error) }),
);

async function tryOut(path: string): Promise<void> {
  const sound = sounds();
  const { files } = await readManifest(path);
  let isVaried = false;
  const held = (['std', 'fast', 'closed'] as const).filter((graph) => files[GRAPH_FILES[graph]]);
  for (const graph of held) {
    const engine = await Engine.open(path, { threads: THREADS, graph });
    const { idle, manifest, rig, varies } = engine.description;
    await engine.pictures.drawPortrait(controlOf(idle, 0), { height: HEIGHT });
    await engine.pictures.drawPortrait(new NaturalMotion(idle, rig, 1).at(1), { height: HEIGHT });
    if (graph === held[0]) {
      const { fps } = manifest.source;
      const frames = Math.max(1, Math.round(SPOKEN_SECONDS * fps));
      await engine.speak(sound.subarray(0, SPOKEN_SECONDS * SPEECH_RATE), fps, frames);
      isVaried = varies;
    }
    await engine.close();
  }
  const bundle = await openBundle(path);
  const rig = readRig(bundle);
  const hearing = isVaried ? { variation: { temperature: 1, seed: 1 } } : {};
  await new SpeechDrive(bundle, rig, THREADS).hear(sound, hearing);
  const { hubert } = bundle.manifest.speech;
  if (hubert) {
    // Its weights need not be here: a HuBERT that hears nothing in particular.
    const rows = new Float32Array(HEARD_SECONDS * 25 * hubert.size).fill(0.1);
    await new SpeechDrive(bundle, rig, THREADS, () => Promise.resolve(rows)).hear(sound);
  }
  if (!bundle.files.has(LIVE_FILE)) return;
  const live = await LiveDrive.open(bundle, rig, THREADS);
  await live.push(sound.subarray(0, LIVE_SECONDS * SPEECH_RATE));
  await live.close();
}

/**
 * Parts in turn: something of a voice (a tone with the beat of syllables), silence, as loud as can be, hardly anything.
 * A network may be harmless while it hears but one of them.
 */
function sounds(): Float32Array {
  const parts: readonly ((at: number, k: number) => number)[] = [
    (at) => 0.3 * Math.sin(2 * Math.PI * 140 * at) * (1 + Math.sin(2 * Math.PI * 4 * at)),
    () => 0,
    (_, k) => (k % 58 < 29 ? 1 : -1),
    (at) => 1e-4 * Math.sin(2 * Math.PI * 140 * at),
  ];
  return Float32Array.from({ length: HEARD_SECONDS * SPEECH_RATE }, (_, k) => {
    const at = k / SPEECH_RATE;
    return parts[Math.floor(at / PART_SECONDS) % parts.length]!(at, k);
  });
}

function tell(verdict: Verdict): void {
  parentPort!.postMessage(verdict);
}

function shapeOf(error: unknown): StudioErrorShape {
  if (error instanceof StudioError) return error.toJSON();
  return {
    code: 'bad-bundle',
    message: 'This avatar cannot be used.',
    hint: 'Export the avatar again, or fetch the file again from where it came from.',
    detail: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
