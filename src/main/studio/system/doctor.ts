import { execFile } from 'node:child_process';
import { readdir, stat, statfs } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type DoctorResult, StudioError } from '../../../shared/contract/index.ts';
import type { Installation } from './environment.ts';
import { type Networks, offerHere, ProviderMemory } from '../engine/index.ts';
import { VERSION } from '../ground/product.ts';
import { type MediaTools, tryTools } from '../media/index.ts';
import { listModels } from '../models/index.ts';

const run = promisify(execFile);
type Problem = DoctorResult['problems'][number];

/** A training keeps its crops, masks and checkpoints: about this much for a minute of video. */
const ROOM_BYTES = 2 * 2 ** 30;
/** Training takes up to 4 GiB. */
const MEMORY_BYTES = 4 * 2 ** 30;

/** Looks at everything the program needs on this computer and says what is missing. Raises nothing. */
export async function examine(
  installation: Installation,
  libraryDir: string,
  tools: () => Promise<MediaTools>,
  networks: Networks,
): Promise<DoctorResult> {
  const problems: Problem[] = [];
  const media = await tools().catch(
    (error: StudioError) => void problems.push({ message: error.message, hint: error.hint }),
  );
  const ffprobe = media ? await examineMedia(media, problems) : null;
  const python = await examinePython(installation).catch(
    (error: StudioError) => void problems.push({ message: error.message, hint: error.hint }),
  );
  const disk = await diskOf(libraryDir);
  if (disk.freeBytes < ROOM_BYTES)
    problems.push({
      message: `Only ${(disk.freeBytes / 1e9).toFixed(1)} GB are free where the library is.`,
      hint: 'Free some space, or move the library with LIKENESS_LIBRARY.',
    });
  if (totalmem() < MEMORY_BYTES)
    problems.push({
      message: `This computer has ${(totalmem() / 2 ** 30).toFixed(1)} GiB of memory; training needs 4.`,
      hint: 'Close other programs while training, or make an instant avatar.',
    });
  const models = await listModels(installation.resources, libraryDir);
  for (const { name, state } of models)
    if (state === 'damaged')
      problems.push({
        message: `The model "${name}" is not the file it should be.`,
        hint: 'Add it again, or install Likeness again.',
      });
  const providers = await examineNetworks(networks, problems);
  return {
    ok: problems.length === 0,
    problems,
    versions: {
      likeness: VERSION,
      node: process.versions.node,
      'onnxruntime-node': engineVersion(),
      ...python?.packages,
    },
    devices: [
      { kind: 'cpu', name: cpus()[0]?.model.trim() || process.arch },
      ...(python?.cuda ?? []).map((name) => ({ kind: 'cuda' as const, name })),
    ],
    networks: providers,
    ffmpeg: media ? { path: media.ffmpeg, version: media.version, origin: media.origin } : null,
    ffprobe,
    python: python ? { path: installation.python, version: python.version } : null,
    models: models.map(({ name, state }) => ({ name, present: state === 'present' })),
    disk,
  };
}

/** What runs avatars' networks. */
async function examineNetworks({ choice, memory }: Networks, problems: Problem[]): Promise<DoctorResult['networks']> {
  try {
    const { version, offered } = await offerHere();
    const found = await new ProviderMemory(memory, version, offered).networks();
    return { choice, offered: [...offered], found: [...found] };
  } catch {
    problems.push({
      message: 'ONNX Runtime cannot be loaded: no avatar can speak.',
      hint: 'Install Likeness again.',
    });
    return null;
  }
}

/** Whether the two read what they wrote, and what ffmpeg cannot. */
async function examineMedia(media: MediaTools, problems: Problem[]): Promise<DoctorResult['ffprobe']> {
  for (const lacking of media.abilities.lacks)
    problems.push({
      message: `This ffmpeg cannot ${lacking}.`,
      hint: 'Name another one with LIKENESS_FFMPEG, or unset it to use the one that came along.',
    });
  const { version, sameBuild, agrees, failure } = await tryTools(media);
  if (failure) problems.push({ message: failure.message, hint: failure.hint });
  return { path: media.ffprobe, version, sameBuild, agrees };
}

const PYTHON_REPORT = `
import importlib.metadata as m, json, platform
packages = {}
for name in ('torch', 'mediapipe', 'onnx', 'onnxruntime', 'numpy'):
    try: packages[name] = m.version(name)
    except m.PackageNotFoundError: packages[name] = ''
cuda = []
if packages['torch']:
    import torch
    cuda = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())]
print(json.dumps({'version': platform.python_version(), 'packages': packages, 'cuda': cuda}))
`;
const PythonReport = z.object({
  version: z.string(),
  packages: z.record(z.string(), z.string()),
  cuda: z.array(z.string()),
});

async function examinePython({ python, trainer }: Installation): Promise<z.infer<typeof PythonReport>> {
  const setUp = 'Set it up in the settings of the window, or run "npm start" once.';
  const { stdout } = await run(python, ['-c', PYTHON_REPORT], {
    cwd: trainer,
    windowsHide: true,
    timeout: 120_000,
  }).catch((error: Error) => {
    throw new StudioError({
      code: 'missing-tool',
      message: "The trainer's Python environment is not set up.",
      hint: setUp,
      detail: error.message,
    });
  });
  const report = PythonReport.parse(JSON.parse(stdout.trim().split('\n').at(-1)!));
  const missing = Object.keys(report.packages).filter((name) => !report.packages[name]);
  if (missing.length > 0)
    throw new StudioError({
      code: 'missing-tool',
      message: `The trainer's Python environment lacks ${missing.join(', ')}.`,
      hint: setUp,
    });
  return report;
}

/** Of the library that plays avatars; the trainer has an ONNX Runtime of its own. */
function engineVersion(): string {
  return z.object({ version: z.string() }).parse(createRequire(import.meta.url)('onnxruntime-node/package.json'))
    .version;
}

async function diskOf(folder: string): Promise<DoctorResult['disk']> {
  const { bavail, bsize } = await statfs(folder);
  let libraryBytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) libraryBytes += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  }
  return { freeBytes: bavail * bsize, libraryBytes };
}
