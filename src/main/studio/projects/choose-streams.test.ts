import { existsSync, mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Library } from '../library/index.ts';
import { ffmpeg, numberedClip, scratchFolder, tools } from '../media/clips.fixture.ts';
import { readSound } from '../media/index.ts';
import { ProjectSounds } from '../sounds/index.ts';
import { changeStreams, sourceWith } from './choose-streams.ts';

const folder = await scratchFolder();
const library = new Library(join(folder, 'library'));
afterAll(async () => {
  library.close();
  await rm(folder, { recursive: true });
});

/** The loudest sample of a project's own sound. */
async function loudest(sounds: ProjectSounds, id: string): Promise<number> {
  const { samples } = await readSound(tools, await sounds.file(library.projects.find(id), 'source'));
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

it('another picture and sound of a video take the place of the chosen ones, until a training was begun', async () => {
  const [film, several] = [join(folder, 'film.mp4'), join(folder, 'several.mkv')];
  await numberedClip(film, { seconds: 2 });
  const sounds = ['-f', 'lavfi', '-i', 'sine=d=2', '-f', 'lavfi', '-i', 'anullsrc=d=2'];
  const pictures = ['-filter_complex', '[0:v]scale=120:72,setsar=1,split[a][b];[b]scale=160:96[c]'];
  const maps = ['-map', '[a]', '-map', '[c]', '-map', '1', '-map', '2', '-disposition:v:0', 'default'];
  await ffmpeg('-i', film, ...sounds, ...pictures, ...maps, '-disposition:v:1', '0', several);

  const source = await sourceWith(tools, several, {});
  expect(source).toMatchObject({ width: 120, streams: { picture: 0, sound: 2 } });
  const consent = { basis: 'synthetic', note: '', recordedBy: 'test' } as const;
  const { id } = await library.addVideo(several, 'Ada', source, consent);
  const own = new ProjectSounds(library, () => Promise.resolve(tools));
  expect(await loudest(own, id)).toBeGreaterThan(0.1);

  mkdirSync(library.paths.analysis(id), { recursive: true });
  await changeStreams(library, tools, library.projects.find(id), { picture: 1, sound: 3 });
  expect(library.projects.find(id).source).toMatchObject({ width: 160, streams: { picture: 1, sound: 3 } });
  expect(existsSync(library.paths.analysis(id))).toBe(false);
  expect(await loudest(own, id)).toBe(0);
  await changeStreams(library, tools, library.projects.find(id), { sound: 2 });
  expect(library.projects.find(id).source).toMatchObject({ width: 160, streams: { picture: 1, sound: 2 } });
  await expect(changeStreams(library, tools, library.projects.find(id), { sound: 9 })).rejects.toMatchObject({
    code: 'bad-request',
  });

  library.runs.start(id, { preset: 'demo', device: 'cpu', seed: 0 });
  await expect(changeStreams(library, tools, library.projects.find(id), { sound: 3 })).rejects.toMatchObject({
    code: 'bad-request',
    message: 'An avatar was trained on this choice already.',
  });
});
