import path from 'node:path';
import type { Studio } from '../studio/studio.ts';

/** One path segment that names a file and nothing else. */
const FILE_NAME = /^(?!\.)[^/\\:*?"<>|\0]{1,200}$/;

/**
 * The file behind `<project>/source`, `<project>/preview/<name>` or `<project>/exports/<name>`; undefined for anything else.
 * A window can reach these files and no others.
 */
export function resolveMedia(studio: Studio, route: string): string | undefined {
  const [id, kind, name, ...rest] = route.split('/');
  if (id === undefined || rest.length > 0) return undefined;
  const project = studio.library.projects.list().find((one) => one.id === id);
  if (!project) return undefined;
  const { paths } = studio.library;
  if (kind === 'source' && name === undefined) return project.sourceFile ? path.join(paths.project(id), project.sourceFile) : undefined;
  if (name === undefined || !FILE_NAME.test(name)) return undefined;
  if (kind === 'exports') return path.join(paths.exports(id), name);
  const newest = studio.library.runs.list(id)[0];
  if (kind === 'preview' && newest && /^preview-\d+\.jpg$/.test(name)) return path.join(paths.run(id, newest.number), name);
  return undefined;
}
