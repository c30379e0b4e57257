import type { ProjectFile } from '../studio/projects/files-to-fetch.ts';
import type { Studio } from '../studio/studio.ts';

export type Media = ProjectFile;

/**
 * What lies behind `<project>/source`, `/track`, `/pictures/<frame>`, `/sounds/<id>`, `/proofs/<name>`,
 * `/exports/<name>` or `/evaluation/<name>`; undefined for anything else.
 */
export async function resolveMedia(studio: Studio, route: string): Promise<Media | undefined> {
  const [id, kind, name, ...rest] = route.split('/');
  return id === undefined || kind === undefined || rest.length > 0 ? undefined : studio.projects.file(id, kind, name);
}
