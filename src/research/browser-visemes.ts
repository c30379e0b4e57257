/** The visemes that a browser's MFCC library hears in a sound: a baseline of the ablation report. */
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type MediaTools, readSound } from '../main/studio/media/index.ts';

const LIBRARY = '@met4citizen/headaudio';
/** A browser's: the library brings it down to 16 kHz itself, and its model knows no other way. */
const SAMPLE_RATE = 48_000;
/** As the library counts: 32 ms of sound every 16 ms, 15 visemes of which the last is silence. */
const HOP = 768;
const BLOCK = 1536;
const SILENCE = 14;
/** An audio worklet's. */
const QUANTUM = 128;

/** What of the library is used; it has no types of its own. */
interface Processor {
  process(samples: Float32Array): void;
  _onmessage(message: { readonly data: { readonly event: 'model'; readonly model: unknown } }): void;
}
type ProcessorOf = new (
  options: { readonly sampleRate: number },
  worklet: { readonly port: { postMessage(message: unknown): void } },
) => Processor;
type TrainingOf = new () => { loadModel(address: string): Promise<{ readonly model: unknown }> };

const Message = z.object({ event: z.string(), viseme: z.int().min(0).max(SILENCE).nullish() });

/**
 * Writes the visemes of a sound as JSON, into a folder that is made; false where the library is not there: it is for
 * developing, and no part of what is installed. It is looked up by name while running, so that a bundle does not take
 * it along.
 */
export async function writeBrowserVisemes(tools: MediaTools, soundPath: string, outPath: string): Promise<boolean> {
  const folder = libraryFolder();
  if (!folder) return false;
  const { samples } = await readSound(tools, soundPath, { rate: SAMPLE_RATE });
  const visemes = await visemesIn(folder, samples);
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  // A viseme is shown from the hop that ended with it; it was heard in the middle of its block.
  const found = {
    library: `${LIBRARY} ${version}`,
    hopSeconds: HOP / SAMPLE_RATE,
    firstSeconds: BLOCK / 2 / SAMPLE_RATE,
    visemes,
  };
  await mkdir(dirname(outPath), { recursive: true });
  await writeFile(outPath, JSON.stringify(found));
  return true;
}

/** One viseme a hop of mono sound at 48 kHz, as the library would show them in a browser. */
export async function visemesIn(folder: string, samples: Float32Array): Promise<number[]> {
  const load = async <T>(name: string): Promise<T> =>
    (await import(/* @vite-ignore */ pathToFileURL(join(folder, 'modules', name)).href)) as T;
  const { Processor: Processing } = await load<{ Processor: ProcessorOf }>('processor.mjs');
  const { Training } = await load<{ Training: TrainingOf }>('training.mjs');
  let shown = SILENCE;
  const hear = (message: unknown): void => {
    const { event, viseme } = Message.parse(message);
    if (event === 'ended') shown = SILENCE;
    else if (event === 'viseme') shown = viseme ?? shown;
  };
  const processor = new Processing({ sampleRate: SAMPLE_RATE }, { port: { postMessage: hear } });
  const trained = await readFile(join(folder, 'dist', 'model-en-mixed.bin'));
  const { model } = await new Training().loadModel(
    `data:application/octet-stream;base64,${trained.toString('base64')}`,
  );
  processor._onmessage({ data: { event: 'model', model } });
  const visemes: number[] = [];
  for (let at = 0; at + QUANTUM <= samples.length; at += QUANTUM) {
    processor.process(samples.subarray(at, at + QUANTUM));
    if (at + QUANTUM >= BLOCK && (at + QUANTUM) % HOP === 0) visemes.push(shown);
  }
  return visemes;
}

/** Undefined where it is not installed. */
export function libraryFolder(): string | undefined {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${LIBRARY}/package.json`));
  } catch {
    return undefined;
  }
}
