import { join } from 'node:path';
import type { Library, Project } from '../library/index.ts';

/** What the synthetic person's project is called, in the demo and in the window. */
export const SAMPLE_NAME = 'Sample person';
export const SAMPLE_CONSENT = { basis: 'synthetic', note: 'Drawn by Likeness; nobody real.' } as const;

/** Where the synthetic person is drawn: `sample.mp4` and the truth it was drawn from. */
export function sampleFolder(library: Library): string {
  return join(library.paths.root, 'sample');
}

export function sampleProject({ projects, consents }: Library): Project | undefined {
  return projects
    .list()
    .find(({ name, consentId }) => name === SAMPLE_NAME && consents.get(consentId).basis === 'synthetic');
}
