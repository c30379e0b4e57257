import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type HubertUse, StudioError } from '../../../shared/contract/index.ts';
import { sha256Of } from '../library/index.ts';
import { type ModelEntry, readRegistry } from './registry.ts';

/** The HuBERT that the program knows, as it lies in a library. */
export interface Hubert {
  readonly weights: string;
  readonly sha256: string;
  /** The folder of the graphs that the trainer makes of it. */
  readonly graphs: string;
}

/** A graph that turns sound into rows, or why there is none, in words for a person. */
export type HubertGraph = { readonly graph: string } | { readonly notice: string };

/** `graphs.json`, which the trainer writes last (`speech/hubert_graph.py`). */
const VERSION = 1;
const Contents = z.object({ version: z.literal(VERSION), layers: z.int(), size: z.int(), bytes: z.int() });
const HASH_SHOWN = 12;

const GET_IT = 'Add their file in the settings under Models, or with "likeness models add".';

/** Whether the weights lie in the library; what is in them is not looked at. */
export function hasHubert({ weights }: Hubert): boolean {
  return existsSync(weights);
}

export function hubertOf(resources: string, libraryDir: string): Hubert {
  const entry = readRegistry(resources).find(isHubert)!;
  const models = join(libraryDir, 'models');
  return { weights: join(models, entry.file), sha256: entry.sha256, graphs: join(models, 'hubert', entry.sha256) };
}

function isHubert(entry: ModelEntry): entry is ModelEntry & { readonly sha256: string } {
  return entry.encoder === 'hubert' && entry.sha256 !== undefined;
}

/** The same, once its content is the one its entry promises. Raises StudioError('not-found'). */
export async function requireHubert(resources: string, libraryDir: string): Promise<Hubert> {
  const hubert = hubertOf(resources, libraryDir);
  if (!hasHubert(hubert)) throw noHubert();
  if ((await sha256Of(hubert.weights)) === hubert.sha256) return hubert;
  throw new StudioError({
    code: 'not-found',
    message: 'The weights of HuBERT are damaged: their SHA-256 is not the one they should have.',
    hint: GET_IT,
  });
}

export function noHubert(): StudioError {
  return new StudioError({ code: 'not-found', message: 'The weights of HuBERT are not here.', hint: GET_IT });
}

/** What an avatar that was trained with HuBERT can hear with on this computer. */
export async function hubertGraph(resources: string, libraryDir: string, wanted: HubertUse): Promise<HubertGraph> {
  const hubert = hubertOf(resources, libraryDir);
  if (wanted.sha256 !== hubert.sha256)
    return instead(
      `This avatar was trained with other weights of HuBERT (SHA-256 ${wanted.sha256.slice(0, HASH_SHOWN)}…) than ` +
        `Likeness knows (${hubert.sha256.slice(0, HASH_SHOWN)}…)`,
    );
  if (!hasHubert(hubert)) return instead('This avatar was trained with HuBERT, whose weights are not here', GET_IT);
  const contents = await contentsOf(hubert.graphs);
  const graph = join(hubert.graphs, `layer-${wanted.layer}.onnx`);
  if (!contents || !existsSync(graph))
    return instead('HuBERT is here, but was not made ready to play', 'Add its file again.');
  if (contents.size !== wanted.size) return instead('This avatar does not fit the HuBERT that it names');
  return { graph };
}

/** Whether its graphs are there as a whole. */
export async function hasGraphs({ graphs }: Hubert): Promise<boolean> {
  return (await contentsOf(graphs)) !== undefined;
}

const instead = (why: string, way = ''): HubertGraph => ({
  notice: `${why}: the embedded encoder is heard. ${way}`.trimEnd(),
});

async function contentsOf(folder: string): Promise<z.infer<typeof Contents> | undefined> {
  try {
    const contents = Contents.parse(JSON.parse(await readFile(join(folder, 'graphs.json'), 'utf8')));
    const { size } = await stat(join(folder, 'weights.safetensors'));
    return size === contents.bytes ? contents : undefined;
  } catch {
    return undefined; // nobody made them, or they are of another version: both are made (again)
  }
}
