/** What is said of a file: in it, and beside it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { MetadataFound, RecordFound } from '../../../shared/contract/verify.ts';
import { provenancePath, TRAINED_ALGORITHMIC_MEDIA } from '../export/index.ts';
import { requireFile } from '../ground/require-file.ts';
import { type MediaTools, ownWords } from '../media/index.ts';

const OURS = /likeness\.avatar[:\0\s]+([0-9a-f]{64})/;

export async function readMetadata(tools: MediaTools, path: string): Promise<MetadataFound> {
  const { tags, text } = await ownWords(tools, path);
  const generated = [...tags.values(), text].some((words) => words.includes(TRAINED_ALGORITHMIC_MEDIA));
  const avatar = tags.get('likeness.avatar') ?? OURS.exec(text)?.[1] ?? null;
  if (!generated && avatar === null) return { kind: 'none' };
  return { kind: 'found', generated, software: tags.get('software') ?? null, avatar };
}

/** Ours have one or two kilobytes. */
const MOST_BYTES = 2 ** 20;
const Kept = z.object({
  format: z.literal('likeness.provenance'),
  createdAt: z.string(),
  producer: z.string(),
  output: z.object({ sha256: z.string() }),
  avatar: z.object({ id: z.string(), name: z.string() }),
});

/** The record beside a file of that SHA-256. */
export async function readRecord(path: string, sha256: string): Promise<RecordFound> {
  const beside = provenancePath(path);
  const facts = await requireFile(beside).catch(() => null); // what is no file would be waited for
  if (!facts) return { kind: 'none' };
  const text = facts.size > MOST_BYTES ? '' : await readFile(beside, 'utf8').catch(() => '');
  const kept = Kept.safeParse(parsed(text)).data;
  if (!kept) return { kind: 'unreadable' };
  const { createdAt, producer, output, avatar } = kept;
  const kind = output.sha256 === sha256 ? 'matches' : 'other';
  return { kind, avatar: avatar.id, name: avatar.name, createdAt, producer };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
