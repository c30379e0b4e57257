import { constants, existsSync } from 'node:fs';
import { copyFile, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { ProjectId } from '../../shared/contract/refs.ts';
import { StudioError } from '../../shared/contract/index.ts';
import type { Studio } from '../studio/studio.ts';

const Asked = z.object({ id: ProjectId, name: z.string(), folder: z.string().max(4096) });

/** What is a download over HTTP. */
export const COPY: Tool = {
  name: 'exports_copy',
  title: 'Copies an exported file into a folder of this computer.',
  description:
    'Copies a file that was exported, by its name, into a folder that there is, given by its absolute path. ' +
    'What a film says about where it comes from is copied with it. A file that lies there already is kept.',
  inputSchema: z.toJSONSchema(Asked, { io: 'input' }) as Tool['inputSchema'],
  annotations: { readOnlyHint: false, destructiveHint: false, openWorldHint: false },
};

/** Raises StudioError('bad-request' | 'not-found'). */
export async function copyExport(studio: Studio, asked: unknown): Promise<{ path: string }> {
  const wish = Asked.safeParse(asked);
  if (!wish.success || !isAbsolute(wish.data.folder))
    throw new StudioError({
      code: 'bad-request',
      message: 'It is not said which file goes where.',
      hint: 'Give the project, the name of one of its exports, and the absolute path of a folder.',
    });
  const { id, name, folder } = wish.data;
  const found = await studio.projects.file(id, 'exports', name);
  const there = found && (await stat(found.file).catch(() => undefined));
  if (!found || !there?.isFile())
    throw new StudioError({
      code: 'not-found',
      message: 'This project has no such export.',
      hint: 'See which it has.',
    });
  const path = join(folder, name);
  await copy(found.file, path);
  for (const beside of BESIDE) {
    const about = await studio.projects.file(id, 'exports', `${name}${beside}`);
    if (about && existsSync(about.file)) await copy(about.file, `${path}${beside}`);
  }
  return { path };
}

/** What a film says about itself, where it is not in it. */
const BESIDE = ['.provenance.json', '.c2pa'];

/** Raises StudioError('bad-request') where there is a file. */
async function copy(from: string, to: string): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new StudioError({ code: 'bad-request', message: `There is a file ${to}.`, hint: 'Choose another folder.' });
  }
}
