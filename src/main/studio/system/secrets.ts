import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import type { Installation } from './environment.ts';
import type { Library } from '../library/index.ts';
import type { Secrets } from './redact.ts';
import { listSounds } from '../sounds/index.ts';

/** The library says itself who and what is in it: those names, wherever they turn up. */
export function secretsOf(library: Library, { root }: Installation): Secrets {
  const { username } = userInfo();
  const named = library.projects.list();
  return {
    folders: [library.paths.root, homedir(), root, tmpdir()],
    names: [
      [username, '<user>'],
      [hostname(), '<computer>'],
      ...named.map(({ name }, place) => [name, `<project ${place + 1}>`] as const),
      ...named.flatMap(({ id }) => listSounds(library.paths.sounds(id)).map(({ name }) => [name, '<sound>'] as const)),
    ],
  };
}
