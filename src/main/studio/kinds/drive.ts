import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseSafetensors } from '../../../shared/binary/index.ts';
import { AnalysisReport, DriveResult, type SourceStreams, StudioError } from '../../../shared/contract/index.ts';
import type { SoundInfo } from '../../../shared/contract/studio.ts';
import type { JobEvent } from '../../../shared/domain/job.ts';
import { keysOf, lanesIn } from '../../../shared/domain/lanes/index.ts';
import { freeName, LONGEST_NAME } from '../../../shared/domain/names.ts';
import type { SoundClip, Take } from '../../../shared/domain/take.ts';
import { type Avatar, filmedPerson, type FilmedPerson, openAvatar } from '../engine/index.ts';
import { chooseStreams, filmTrack, probeVideo, readSound } from '../media/index.ts';
import { networksOf, threadsFor } from '../system/environment.ts';
import { drivenTake, hear, type Said } from '../takes/index.ts';
import { basisFile } from './analyze.ts';
import { type Assignment, defineKind, fitting, projectOf } from './kind.ts';
import { running, throttled } from './progress.ts';
import { filmAt, train } from './trainer-work.ts';

const Request = z.object({
  path: z.string(), // of the video
  name: z.string(), // what it is called
  consent: z.string(), // what was recorded of the person in it
});
type Driving = Assignment<z.output<typeof Request>>;

/** How somebody moves in another video becomes lanes of a new take; nothing else of their face is kept. */
export const drive = defineKind({
  request: Request,
  result: DriveResult,
  lane: 'trainer',
  needs: ['consent', 'avatar', 'trainer'],
  work: async (assignment) => {
    const { place, request } = assignment;
    const project = projectOf(assignment);
    const streams = await streamsOf(assignment);
    const { person, report } = await filmed(assignment, streams);
    const { take, heard, coarser } = await performed(assignment, streams, person);
    const { id, name, sound } = heard
      ? await place.withSoundOf(project, { ...request, streams }, (one) =>
          kept(assignment, { ...take, clips: [clipOf(one)], range: null }, one),
        )
      : kept(assignment, take);
    return {
      take: { id, name },
      sound,
      seconds: person.to - person.from,
      frames: report.frames,
      good: report.states.good,
      people: report.people.length,
      lanes: lanesIn(take.lanes),
      keys: keysOf(take),
      coarser,
      consent: request.consent,
    };
  },
});

/** The take becomes one of the project's, unless the job was stopped. */
function kept(
  assignment: Driving,
  take: Take,
  sound?: SoundInfo,
): { readonly id: string; readonly name: string; readonly sound: string | null } {
  const { place, request, signal } = assignment;
  const { library } = place;
  signal.throwIfAborted();
  const project = projectOf(assignment);
  const taken = library.takes.list(project.id).map((one) => one.name);
  const called = freeName(`Driven by ${request.name}`.slice(0, LONGEST_NAME).trimEnd(), taken);
  const { id, name } = library.takes.create(project.id, called, take, request.consent);
  return { id, name, sound: sound?.id ?? null };
}

/** Raises StudioError('not-found' | 'bad-video'). */
async function streamsOf({ place, request: { path, name } }: Driving): Promise<SourceStreams> {
  if (!existsSync(path))
    throw new StudioError({
      code: 'not-found',
      message: `The video "${name}" is not there.`,
      hint: 'Check its path. What was dropped on a window is kept for one try: drop it again.',
      detail: path,
    });
  const tools = await place.tools();
  return chooseStreams(tools, path, await probeVideo(tools, path));
}

/** Of the whole job: what the trainer does, and what comes after it. */
const SEEN = 0.95;
const LAST = { stageIndex: 1, ends: [SEEN, 1] };
/** Less of a face does not say how somebody moves, seconds. */
const LEAST_SECONDS = 1;

/** Analyses the video where nobody else looks, and leaves nothing of that. Raises what an analysis raises. */
async function filmed(
  assignment: Driving,
  streams: SourceStreams,
): Promise<{ readonly person: FilmedPerson; readonly report: AnalysisReport }> {
  const { job, place, request, report: tell } = assignment;
  const { library } = place;
  const analysisDir = library.paths.driving(job.id);
  const part = (event: JobEvent): void =>
    tell(
      event.type === 'trainer' && event.event.type === 'stage'
        ? { ...event, event: { ...event.event, ends: event.event.ends.map((end) => SEEN * end) } }
        : event,
    );
  return library.unfinished.during([analysisDir], async () => {
    try {
      const faceBasis = await basisFile(place, library.settings.get().faceBasis);
      const order = { command: 'analyze', ...filmAt(request.path, streams), analysisDir, faceBasis } as const;
      const report = fitting(AnalysisReport, await train({ ...assignment, report: part }, order));
      const person = filmedPerson(parseSafetensors(await readFile(join(analysisDir, 'track.safetensors'))));
      if (person.to - person.from < LEAST_SECONDS)
        throw new StudioError({
          code: 'too-short',
          message: 'The face is hardly ever seen well enough to follow it.',
          hint: 'Use a video that shows one face from the front, lit and sharp, for some seconds.',
          detail: `${report.states.good} of ${report.frames} frames are good`,
        });
      return { person, report };
    } finally {
      await rm(analysisDir, { recursive: true, force: true, maxRetries: 3 });
    }
  });
}

/** What the project's avatar makes of it, without the video's sound; `heard`: whether there is any. */
async function performed(
  assignment: Driving,
  streams: SourceStreams,
  person: FilmedPerson,
): Promise<{ readonly take: Take; readonly heard: boolean; readonly coarser: number }> {
  const { place, report, signal } = assignment;
  const { library } = place;
  const project = projectOf(assignment);
  const threads = threadsFor(library.settings.get().threads);
  const networks = networksOf(library);
  const avatar = await openAvatar(library.paths.avatar(project.id), { graph: 'best', threads, networks });
  try {
    const said = await heard(assignment, streams, avatar, person.to);
    const driven = await drivenTake(avatar, person, {
      said: said ?? SILENT,
      onProgress: throttled((done, total) => report(running({ ...LAST, stage: 'drive', done, total, unit: 'steps' }))),
      signal,
    });
    return { ...driven, heard: said !== undefined };
  } finally {
    await avatar.close();
  }
}

const SILENT: Said = {
  expression: new Float32Array(0),
  pitch: new Float32Array(0),
  accents: new Float32Array(0),
  begins: 0,
};

/** Undefined of a video without a sound, or with nothing to hear in it. */
async function heard(
  { place, request: { path }, signal }: Driving,
  streams: SourceStreams,
  avatar: Avatar,
  seconds: number,
): Promise<Said | undefined> {
  if (!streams.sounds.some(({ index, decibels }) => index === streams.sound && decibels !== null)) return undefined;
  const tools = await place.tools();
  const { samples } = await readSound(tools, path, { track: await filmTrack(tools, path, streams), signal });
  const { fps } = avatar.manifest.source;
  return hear(avatar, { samples, begins: 0 }, { fps, end: Math.ceil(seconds * fps) + 1, signal });
}

function clipOf({ id, seconds }: SoundInfo): SoundClip {
  return { id: 'driven', sound: id, at: 0, start: 0, seconds };
}
