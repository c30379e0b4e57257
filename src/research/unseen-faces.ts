/**
 * How near sliders bring an avatar to faces that its video never shows: `node src/research/unseen-faces.ts OUT`.
 *
 * The films are made by the trainer (`likeness_research.unseen_faces.film`): a synthetic person who shows each
 * expression by itself, and the same with two or three at once. An instant avatar of the first film is keyed to what
 * the tracker measures of each face of the second, exported, and tracked again. Films, library and figures stay in OUT;
 * what is there is not made again.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { floats, parseSafetensors, type TensorFile } from '../shared/binary/index.ts';
import type { LaneName, Lanes } from '../shared/domain/lanes/index.ts';
import { EMPTY_TAKE, PLAIN_SPEECH, SOURCE_SOUND, type Take } from '../shared/domain/take.ts';
import { EXPRESSIONS } from '../shared/face/index.ts';
import { type AvatarDescription, openAvatar } from '../main/studio/engine/index.ts';
import {
  FACE_MEASURES,
  type FaceMeasure,
  type FaceShares,
  Measure,
  reachOf,
} from '../main/studio/engine/reach/index.ts';
import { openStudio, type Studio } from '../main/studio/studio.ts';
import { hear, mannerOf, performanceOf } from '../main/studio/takes/index.ts';

const LANDMARKS = 478;
const MESH = 468;
const EYE_CORNERS = [
  [33, 133],
  [362, 263],
] as const;
/** Points that no expression moves much: corners of the eyes, and the nose from its bridge to its tip. */
const FIRM = [...EYE_CORNERS.flat(), 168, 6, 197, 195, 5, 4, 1];
/** Frames at the beginning of a held face in which the tracker may still follow. */
const SETTLING = 2;
/** Each slider changes a little of what the others do: so often all are set anew. */
const ROUNDS = 12;

/** `faces.json`. */
interface Filmed {
  readonly fps: number;
  readonly frames: number;
  readonly still: number;
  readonly areas: Readonly<Record<string, readonly number[]>>;
  readonly faces: readonly {
    readonly name: string;
    readonly shown: boolean;
    readonly first: number;
    readonly frames: number;
    readonly nearest: Readonly<Record<string, number>>;
  }[];
}
type FilmedFace = Filmed['faces'][number];

const root = join(import.meta.dirname, '..', '..');
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Where to? node src/research/unseen-faces.ts OUT');
const out = resolve(folder);
const studio = openStudio({ libraryDir: join(out, 'library') });
try {
  const { ffmpeg } = await studio.tools();
  if (!existsSync(join(out, 'faces.json'))) {
    const film = ['-m', 'likeness_research.unseen_faces.film', out, '--ffmpeg', ffmpeg];
    const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'trainer.mjs'), ...film], {
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error('The films were not made.');
  }
  const filmed = JSON.parse(readFileSync(join(out, 'faces.json'), 'utf8')) as Filmed;
  const project = await analysed(studio, 'Shown', join(out, 'shown.mp4'));
  if (!existsSync(studio.library.paths.avatar(project)))
    await studio.training.train(project, { preset: 'instant' }).result;
  const truth = trackOf(studio, await analysed(studio, 'Faces', join(out, 'faces.mp4')));
  const { take, shares } = await keyed(studio, project, filmed, truth);
  const reached = trackOf(studio, await analysed(studio, `Reached ${Date.now()}`, await exported(project, take)));
  const table = tableOf(filmed, truth, reached, shares);
  writeFileSync(join(out, 'unseen-faces.md'), `${table}\n`);
  console.log(table);
} finally {
  await studio.close();
}

/** The id of the project of a video, which is analysed. */
async function analysed(studio: Studio, name: string, path: string): Promise<string> {
  const known = studio.projects.list().find((project) => project.name === name);
  const id =
    known?.id ??
    (await studio.projects.importVideo({ path, name, consent: { basis: 'synthetic', note: '' } })).projectId;
  if (!existsSync(studio.library.paths.track(id))) await studio.training.analyze(id).result;
  return id;
}

function trackOf(studio: Studio, project: string): TensorFile {
  return parseSafetensors(readFileSync(studio.library.paths.track(project)));
}

/** A take that holds each face as long as it is held in the film, and what its sliders are set to. */
async function keyed(
  studio: Studio,
  project: string,
  { fps, frames, still, faces }: Filmed,
  truth: TensorFile,
): Promise<{ readonly take: Take; readonly shares: readonly FaceShares[] }> {
  const avatar = await openAvatar(studio.library.paths.avatar(project), { threads: 1 });
  try {
    const quiet = new Float32Array(16000);
    const said = await hear(avatar, { samples: quiet, begins: 0 }, { fps, end: 1 });
    const pose = { kind: 'still', frame: still } as const;
    const performance = performanceOf(avatar, { pose, manner: mannerOf(avatar, PLAIN_SPEECH), said });
    const atRest = performance.frame(0).control.expression;
    const wanted = measuredIn(avatar, truth, faces);
    const shares = wanted.map((cm) => sharesFor(avatar, atRest, cm));
    const lanes: Lanes = {};
    for (const name of FACE_MEASURES) {
      if (!reachOf(avatar).ranges[`face.${name}`]) continue;
      const keys = faces.map(({ first }, k) => ({
        id: `${k}`,
        at: k === 0 ? 0 : (first - 1) / fps,
        value: shares[k]![name] ?? 0,
        curve: 'hold' as const,
      }));
      lanes[`face.${name}` satisfies LaneName] = { keys, muted: false, solo: false };
    }
    const seconds = frames / fps;
    // a film needs a sound: she speaks when all faces have been held
    const clips = [{ id: 'after', sound: SOURCE_SOUND, at: seconds + 1, start: 1, seconds: 2 }];
    const range = { from: 0, to: seconds + 3 };
    return { take: { ...EMPTY_TAKE, clips, pose, lanes, range }, shares };
  } finally {
    await avatar.close();
  }
}

/**
 * What the tracker measures of each face beside that of the face at rest, cm of the avatar's person: the two analyses
 * may take the same head for larger or smaller.
 */
function measuredIn(avatar: AvatarDescription, truth: TensorFile, faces: readonly FilmedFace[]) {
  const neutral = floats(truth, 'neutral', [MESH, 3]);
  const expressionBasis = floats(truth, 'expression_basis', [EXPRESSIONS, MESH, 3]);
  const expression = floats(truth, 'expression', ['T', EXPRESSIONS]);
  const scale = betweenEyes(avatar.rig.neutral, 3, 3) / betweenEyes(neutral, 3, 3);
  const cm = (face: FilmedFace, name: FaceMeasure): number => {
    const measure = new Measure({ neutral, expressionBasis }, name);
    return scale * median(settled(face).map((row) => measure.at(expression, row)));
  };
  return faces.map((face) =>
    Object.fromEntries(FACE_MEASURES.map((name) => [name, cm(face, name) - cm(faces[0]!, name)])),
  ) as Record<FaceMeasure, number>[];
}

/**
 * Sliders that somebody would set who looks at the measures alone: each in turn until it does what is wanted, and as
 * they were when all of them together were the nearest to that.
 */
function sharesFor(
  avatar: AvatarDescription,
  atRest: Float32Array,
  wanted: Readonly<Record<FaceMeasure, number>>,
): FaceShares {
  const { face, ranges } = reachOf(avatar);
  const shares: { -readonly [Name in FaceMeasure]?: number } = {};
  const shortOf = ({ name, measure }: (typeof face.ways)[number]): number =>
    measure.at(atRest) + wanted[name] - measure.at(face.with(atRest, shares));
  const off = (): number => Math.hypot(...face.ways.map(shortOf));
  let nearest = { off: off(), shares: { ...shares } };
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of face.ways) {
      const range = ranges[`face.${way.name}`];
      if (!range) continue;
      const short = shortOf(way);
      const { below, above } = way.room;
      const share = (shares[way.name] ?? 0) + short / ((short < 0 ? below : above) || below || above);
      shares[way.name] = Math.round(1000 * Math.min(Math.max(share, range.from), range.to)) / 1000;
      if (off() < nearest.off) nearest = { off: off(), shares: { ...shares } };
    }
  }
  return nearest.shares;
}

async function exported(project: string, take: Take): Promise<string> {
  const path = join(out, 'reached.mp4');
  const { revision } = studio.timeline.take(project);
  studio.timeline.saveTake(project, take, revision);
  await studio.avatars.exportVideo(project, {
    sound: { kind: 'take' },
    outPath: path,
    mode: 'portrait',
    height: 'source',
    quality: 'best',
  }).result;
  return path;
}

function tableOf(
  { areas, faces }: Filmed,
  truth: TensorFile,
  reached: TensorFile,
  shares: readonly FaceShares[],
): string {
  const all = { all: Array.from({ length: MESH }, (_, k) => k), ...areas };
  const names = Object.keys(all);
  const seen = (file: TensorFile) => {
    const landmarks = floats(file, 'landmarks', ['T', LANDMARKS, 3]);
    return faces.map((face) => meanOf(landmarks, settled(face)));
  };
  const true_ = seen(truth);
  const framed = seen(reached);
  // The export frames the head in its own way, which is the same for all faces.
  const place = onto(framed[0]!, true_[0]!, FIRM);
  const drawn = framed.map(place);
  const eyes = betweenEyes(true_[0]!, 3, 2);
  const apart = (a: Float64Array, b: Float64Array) => Object.values(all).map((points) => distance(a, b, points) / eyes);
  const cells = (values: readonly number[]) => values.map((value) => value.toFixed(3).replace(/^0/, ''));
  const rows = faces.map((face, k) => ({
    name: face.name,
    shown: face.shown,
    reached: apart(drawn[k]!, true_[k]!),
    unmoved: apart(drawn[0]!, true_[k]!),
    nearest: names.map((name) => face.nearest[name]!),
    sliders: Object.entries(shares[k]!)
      .filter(([, share]) => Math.abs(share) >= 0.05)
      .map(([name, share]) => `${name} ${share.toFixed(2)}`)
      .join(', '),
  }));
  const means = [true, false].map((shown) => {
    const some = rows.filter((row) => row.shown === shown && row !== rows[0]);
    const mean = (of: (row: (typeof rows)[number]) => readonly number[]) =>
      names.map((_, area) => some.reduce((sum, row) => sum + of(row)[area]!, 0) / some.length);
    return {
      name: shown ? '**shown, mean**' : '**never shown, mean**',
      reached: mean((row) => row.reached),
      unmoved: mean((row) => row.unmoved),
      nearest: mean((row) => row.nearest),
      sliders: '',
    };
  });
  const head = ['reached', 'at rest', 'nearest frame'].flatMap((what) => names.map((name) => `${what}: ${name}`));
  return [
    `| face | ${head.join(' | ')} | sliders |`,
    `|---|${head.map(() => '---|').join('')}---|`,
    ...[...rows.filter((row) => row.shown), means[0]!, ...rows.filter((row) => !row.shown), means[1]!].map(
      ({ name, reached: near, unmoved, nearest, sliders }) =>
        `| ${name} | ${[...cells(near), ...cells(unmoved), ...cells(nearest)].join(' | ')} | ${sliders} |`,
    ),
  ].join('\n');
}

/** Rows of a film in which a face is held and the tracker has settled. */
function settled({ first, frames }: FilmedFace): number[] {
  return Array.from({ length: frames - SETTLING - 1 }, (_, k) => first + SETTLING + k);
}

function meanOf(landmarks: Float32Array, rows: readonly number[]): Float64Array {
  const width = LANDMARKS * 3;
  return Float64Array.from(
    { length: width },
    (_, i) => rows.reduce((sum, row) => sum + landmarks[row * width + i]!, 0) / rows.length,
  );
}

/** The turn, size and place in the picture that lay these points of one face on another's; of landmarks [N, 3]. */
function onto(from: Float64Array, to: Float64Array, points: readonly number[]): (face: Float64Array) => Float64Array {
  const middle = (face: Float64Array, axis: number) =>
    points.reduce((sum, p) => sum + face[p * 3 + axis]!, 0) / points.length;
  const [fromX, fromY, toX, toY] = [middle(from, 0), middle(from, 1), middle(to, 0), middle(to, 1)];
  let [along, across, size] = [0, 0, 0];
  for (const p of points) {
    const [x, y] = [from[p * 3]! - fromX, from[p * 3 + 1]! - fromY];
    const [u, v] = [to[p * 3]! - toX, to[p * 3 + 1]! - toY];
    along += x * u + y * v;
    across += x * v - y * u;
    size += x * x + y * y;
  }
  const [cosine, sine] = [along / size, across / size]; // times the size
  return (face) => {
    const laid = face.slice();
    for (let i = 0; i < face.length; i += 3) {
      const [x, y] = [face[i]! - fromX, face[i + 1]! - fromY];
      laid[i] = toX + cosine * x - sine * y;
      laid[i + 1] = toY + sine * x + cosine * y;
    }
    return laid;
  };
}

/** Mean distance in the picture. */
function distance(a: Float64Array, b: Float64Array, points: readonly number[]): number {
  return (
    points.reduce((sum, p) => sum + Math.hypot(a[p * 3]! - b[p * 3]!, a[p * 3 + 1]! - b[p * 3 + 1]!), 0) / points.length
  );
}

/** Between the middles of both eyes, by the first `axes` of each point's coordinates. */
function betweenEyes(points: ArrayLike<number>, width: number, axes: number): number {
  const [right, left] = EYE_CORNERS.map((corners) =>
    Array.from({ length: axes }, (_, axis) =>
      corners.reduce((sum, point) => sum + points[point * width + axis]! / 2, 0),
    ),
  ) as [number[], number[]];
  return Math.hypot(...right.map((value, axis) => value - left[axis]!));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
