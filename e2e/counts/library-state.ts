import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBundle } from '../../src/main/studio/engine/bundle/index.ts';
import { openStudio } from '../../src/main/studio/studio.ts';

/**
 * Opens a library as the next start does: what of the project "Sample" is missing or broken, or what a job left;
 * undefined when all is well.
 */
export async function lostIn(library: string): Promise<string | undefined> {
  const studio = openStudio({ libraryDir: library });
  try {
    const sample = studio.projects.list().find(({ name }) => name === 'Sample');
    if (!sample) return 'the project';
    if (!existsSync(studio.library.paths.track(sample.id))) return 'the analysis';
    if (!existsSync(studio.library.paths.avatar(sample.id))) return 'the avatar';
    await openBundle(studio.library.paths.avatar(sample.id)); // every hash in it
    if ((await studio.projects.get(sample.id)).pictures === null) return 'the pictures';
    const running = studio.jobs.list().find(({ state }) => /^(running|queued)$/.test(state.kind));
    if (running) return `nothing, but a job is still ${running.state.kind}: ${running.kind}`;
  } catch (error) {
    return `something: ${String(error)}`;
  } finally {
    await studio.close();
  }
  const halves = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.partial'),
  );
  return halves.length > 0 ? `nothing, but ${halves.join(', ')} are left` : undefined;
}

/** The jobs of the sample that are worth ending early, on a library in `folder`. */
export function jobsOn(folder: string, sound: string): readonly (readonly string[])[] {
  return [
    ['analyze', 'Sample'],
    ['train', 'Sample', '--preset', 'instant'],
    ['train', 'Sample', '--preset', 'draft', '--minutes', '.5'],
    ['export', 'Sample', '--audio', sound, '--out', join(folder, 'film.mp4'), '--mode', 'portrait'],
    ['export', 'Sample', '--audio', sound, '--out', join(folder, 'dub.mp4')],
    ['evaluate', 'Sample'],
  ];
}
