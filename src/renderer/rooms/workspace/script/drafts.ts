import { z } from 'zod';
import { PAUSE, SPEED } from '../../../../shared/domain/script/index.ts';
import { Store } from '../../../ground/store.ts';

/** What somebody writes, until it is spoken; `voice`: empty for the usual one. */
const Draft = z.object({ text: z.string(), voice: z.string(), speed: z.number(), pause: z.number() });
export type Draft = z.infer<typeof Draft>;

export const EMPTY: Draft = { text: '', voice: '', speed: SPEED.usual, pause: PAUSE.usual };
const KEY = 'likeness:scripts';

/** Drafts by what they are of: a project's new script, or a clip that is to say something else. A reload keeps them. */
export const drafts = new Store<Readonly<Record<string, Draft>>>(remembered());
drafts.subscribe(() => sessionStorage.setItem(KEY, JSON.stringify(drafts.get())));

export const draftOf = (project: string, clip?: string): string =>
  clip === undefined ? project : `${project}/${clip}`;

export function setDraft(key: string, draft: Draft | null): void {
  const { [key]: _, ...others } = drafts.get();
  drafts.set(draft ? { ...others, [key]: draft } : others);
}

function remembered(): Record<string, Draft> {
  try {
    return z.record(z.string(), Draft).parse(JSON.parse(sessionStorage.getItem(KEY) ?? '{}'));
  } catch {
    return {}; // of another version
  }
}
