/** What a file says of itself, whatever kind of file it is. */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { PLAIN_FILES } from './arguments.ts';
import { readProgram } from './program.ts';
import type { MediaTools } from './tools.ts';

const Probed = z.object({ format: z.object({ tags: z.record(z.string(), z.string()).optional() }).optional() });
const ANSWER_MS = 20_000;
/** Pictures have their texts near their beginning or their end. */
const PART = 2 ** 20;

/** The file's tags, by their names in small letters; of a file without any, what stands in it as plain text. */
export async function ownWords(
  tools: MediaTools,
  path: string,
): Promise<{ tags: ReadonlyMap<string, string>; text: string }> {
  const { ending, output } = await readProgram(
    tools.ffprobe,
    ['-v', 'error', ...PLAIN_FILES, '-show_entries', 'format_tags', '-of', 'json', resolve(path)],
    AbortSignal.timeout(ANSWER_MS),
  );
  const probed = ending.kind === 'exited' && ending.code === 0 ? Probed.safeParse(JSON.parse(output)).data : undefined;
  const tags = Object.entries(probed?.format?.tags ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { tags: new Map(tags), text: await endsOf(path) };
}

async function endsOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const parts = await Promise.all(
      [0, Math.max(0, size - PART)].map(async (at) => {
        const part = Buffer.alloc(Math.min(PART, size));
        await file.read(part, 0, part.length, at);
        return part.toString('latin1');
      }),
    );
    return parts.join('');
  } finally {
    await file.close();
  }
}
