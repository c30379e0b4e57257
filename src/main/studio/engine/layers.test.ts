/** The engine's rooms stand on each other in one order, and are entered by their doors. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { expect, it } from 'vitest';

const ENGINE = import.meta.dirname;
const STUDIO = dirname(ENGINE);

/** What a room may import beside itself. Numbers and kernels know nothing of faces; each file of numbers is a door. */
const STANDS_ON: Readonly<Record<string, readonly string[]>> = {
  numbers: [],
  providers: ['numbers'],
  bundle: ['numbers', 'providers'],
  kernels: [],
  draw: ['numbers', 'providers', 'bundle', 'kernels'],
  dub: ['numbers', 'bundle', 'kernels', 'draw'],
  speech: ['numbers', 'providers', 'bundle'],
  manner: ['numbers', 'bundle', 'speech'],
  reach: ['numbers', 'bundle', 'speech', 'manner'],
};
const WITHOUT_DOOR = ['numbers'];
/** Rooms of the studio that the engine carries; each is listed above those it stands on. */
const ABOVE = ['takes', 'live', 'export'] as const;

interface Import {
  readonly from: string;
  readonly to: string;
}

/** Relative imports of the code in a folder, as paths from the studio's room; fixtures and tests may look anywhere. */
function importsIn(folder: string): Import[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !/\.(test|fixture)\.ts$/.test(name))
    .flatMap((name) => {
      const file = join(folder, name);
      return [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path]) => ({
        from: relative(STUDIO, file).split(sep).join('/'),
        to: relative(STUDIO, join(dirname(file), path!))
          .split(sep)
          .join('/'),
      }));
    });
}

const roomOf = (path: string): string | undefined => /^engine\/([^/]+)\//.exec(path)?.[1];
const said = ({ from, to }: Import): string => `${from} imports ${to}`;

it('every room has its place', () => {
  const rooms = readdirSync(ENGINE, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(rooms.map(({ name }) => name).filter((name) => name !== 'fixtures')).toEqual(
    Object.keys(STANDS_ON).toSorted(),
  );
});

it.each(Object.entries(STANDS_ON))(
  '%s imports what it stands on, the shared ground, and nothing else',
  (room, below) => {
    const found = importsIn(join(ENGINE, room));
    expect(found.length).toBeGreaterThan(0);
    const wrong = found.filter(({ to }) => {
      const other = roomOf(to);
      return other ? other !== room && !below.includes(other) : !to.startsWith('../../shared/');
    });
    expect(wrong.map(said)).toEqual([]);
  },
);

it('no file of the engine imports itself by way of others', () => {
  const next = Map.groupBy(importsIn(ENGINE), ({ from }) => from);
  const reaches = (file: string, target: string, seen: Set<string>): boolean =>
    (next.get(file) ?? []).some(({ to }) => {
      if (to === target) return true;
      if (seen.has(to)) return false;
      seen.add(to);
      return reaches(to, target, seen);
    });
  expect([...next.keys()].filter((file) => reaches(file, file, new Set()))).toEqual([]);
});

it('rooms are entered by their doors', () => {
  const wrong = importsIn(ENGINE).filter(({ from, to }) => {
    const room = roomOf(to);
    return room && room !== roomOf(from) && !WITHOUT_DOOR.includes(room) && to !== `engine/${room}/index.ts`;
  });
  expect(wrong.map(said)).toEqual([]);
});

it('the engine knows nothing of who uses it', () => {
  const wrong = importsIn(ENGINE).filter(({ to }) => !to.startsWith('engine/') && !to.startsWith('../../shared/'));
  expect(wrong.map(said)).toEqual([]);
});

it.each(ABOVE)('%s comes to the engine by its door, and to no room above it', (room) => {
  const higher = ABOVE.slice(ABOVE.indexOf(room) + 1);
  const wrong = importsIn(join(STUDIO, room)).filter(
    ({ to }) =>
      (to.startsWith('engine/') && to !== 'engine/index.ts') || higher.some((other) => to.startsWith(`${other}/`)),
  );
  expect(wrong.map(said)).toEqual([]);
});
