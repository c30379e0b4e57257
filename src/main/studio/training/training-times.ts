import { writeFile } from 'node:fs/promises';
import { cpus, hostname } from 'node:os';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { Device, Preset } from '../../../shared/contract/index.ts';
import type { TrainingTimes } from '../../../shared/contract/system.ts';
import { readPlainFile } from '../ground/plain-file.ts';
import { settle } from '../ground/settle.ts';

/** What a measurement holds for: another computer, device, number of threads or version is measured again. */
const Conditions = z.object({ computer: z.string(), wanted: Device, threads: z.int(), version: z.string() });
export type Conditions = z.infer<typeof Conditions>;

/** The summary of the trainer's `estimate`. */
export const EstimateResult = z.object({
  device: z.string(), // "cpu", or the GPU's name
  threads: z.int(),
  secondsByPreset: z.partialRecord(Preset, z.number().positive()),
  secondsPerStep: z.record(z.string(), z.record(z.string(), z.number())), // by frames a step, then by stage
});
export type EstimateResult = z.infer<typeof EstimateResult>;

const Kept = z.array(Conditions.extend({ at: z.iso.datetime(), result: EstimateResult }));

export function conditionsNow(wanted: Device, threads: number, version: string): Conditions {
  // a library may travel; the computer's name need not
  const name = createHash('sha256').update(hostname()).digest('hex').slice(0, 12);
  return {
    computer: `${cpus()[0]?.model.trim() ?? process.arch} × ${cpus().length} ${name}`,
    wanted,
    threads,
    version,
  };
}

const fileIn = (libraryDir: string): string => join(libraryDir, 'training-times.json');

/** The newest measurement that holds now. */
export function timesFor(libraryDir: string, now: Conditions): TrainingTimes {
  const found = read(libraryDir).findLast((one) => same(one, now));
  return {
    measured: found
      ? {
          at: found.at,
          device: found.result.device,
          threads: found.result.threads,
          secondsByPreset: found.result.secondsByPreset,
        }
      : null,
  };
}

/** Replaces what was measured under the same conditions. */
export async function keepTimes(libraryDir: string, now: Conditions, result: EstimateResult): Promise<void> {
  const kept = [...read(libraryDir).filter((one) => !same(one, now)), { ...now, at: new Date().toISOString(), result }];
  const path = fileIn(libraryDir);
  await writeFile(`${path}.partial`, JSON.stringify(kept, null, 1));
  await settle(`${path}.partial`, path);
}

/** None when there are none, or the file is another version's: measuring again is cheap. */
function read(libraryDir: string): z.infer<typeof Kept> {
  try {
    return Kept.parse(JSON.parse(readPlainFile(fileIn(libraryDir)).toString()));
  } catch {
    return [];
  }
}

function same(a: Conditions, b: Conditions): boolean {
  return a.computer === b.computer && a.wanted === b.wanted && a.threads === b.threads && a.version === b.version;
}
