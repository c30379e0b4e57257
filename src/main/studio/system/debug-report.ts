import { cpus, freemem, release, totalmem } from 'node:os';
import type { DoctorResult } from '../../../shared/contract/index.ts';
import type { Log } from '../../log/index.ts';
import type { Installation } from './environment.ts';
import { readJobLog } from '../jobs/index.ts';
import type { JobRecord, Library } from '../library/index.ts';
import { redact } from './redact.ts';
import { secretsOf } from './secrets.ts';

/** How many of the newest jobs are told of, and how much of each one's output. */
const JOBS = 8;
const LINES = 80;
/** How much of the program's own log, in bytes. */
const LOG_BYTES = 60_000;

/**
 * What somebody needs who is to find a fault: versions, what the doctor found, settings, the end of the program's log,
 * the newest jobs and the end of theirs. No footage, no sound, no names of people, projects or files; of a path its
 * last part.
 */
export async function debugReport(
  library: Library,
  installation: Installation,
  doctor: DoctorResult,
  log: Log,
): Promise<string> {
  const { jobs, settings, projects } = library;
  const sections = [
    'Likeness debug report\nIt holds no pictures and no sound. Names of people, projects and files are left out. ' +
      'Read it before you send it.',
    section('Computer', [
      `${process.platform} ${release()} ${process.arch}`,
      `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
      `${gib(totalmem())} of memory, ${gib(freemem())} free`,
      ...doctor.devices.filter(({ kind }) => kind === 'cuda').map(({ name }) => name),
    ]),
    section(
      'Versions',
      [
        ...Object.entries(doctor.versions),
        ['python', doctor.python?.version ?? 'missing'],
        ['ffmpeg', doctor.ffmpeg?.version ?? 'missing'],
      ].map(([name, version]) => `${name} ${version}`),
    ),
    section('Health', [
      doctor.ok
        ? 'Everything is in order.'
        : doctor.problems.map(({ message, hint }) => `problem: ${message} ${hint}`).join('\n'),
      ...doctor.models.map(({ name, present }) => `model ${name}: ${present ? 'present' : 'absent'}`),
      `disk: ${gib(doctor.disk.freeBytes)} free, the library takes ${gib(doctor.disk.libraryBytes)}`,
    ]),
    section('Settings', [JSON.stringify(settings.get())]),
    section('Library', [
      `${projects.list().length} projects`,
      ...projects
        .list()
        .map(
          ({ source }, place) =>
            `project ${place + 1}: ${source.width} × ${source.height}, ${source.fps} fps, ` +
            `${source.duration.toFixed(1)} s, ${source.codec}, ${source.hasAudio ? 'with' : 'without'} sound`,
        ),
    ]),
    section('Log', [log.tail(LOG_BYTES).trimEnd()]),
    ...(await Promise.all(
      jobs
        .list()
        .slice(0, JOBS)
        .map((job) => jobSection(library, job)),
    )),
  ];
  return redact(`${sections.join('\n\n')}\n`, secretsOf(library, installation));
}

async function jobSection({ paths, runs }: Library, job: JobRecord): Promise<string> {
  const { events, output } = await readJobLog(paths.job(job.id));
  const run = job.runId === null ? undefined : runs.get(job.runId);
  const last = (text: string) => text.split('\n').filter(Boolean).slice(-LINES);
  return section(`Job ${job.kind}: ${job.state.kind}`, [
    `queued ${job.createdAt}, begun ${job.startedAt ?? 'never'}, ended ${job.finishedAt ?? 'not yet'}`,
    ...(run ? [`asked for ${JSON.stringify(run.request)}`] : []),
    ...(job.state.kind === 'failed'
      ? [`${job.state.error.code}: ${job.state.error.message} ${job.state.error.hint}`, job.state.error.detail ?? '']
      : []),
    ...last(events),
    ...last(output),
  ]);
}

function section(title: string, lines: readonly string[]): string {
  return `== ${title}\n${lines.filter((line) => line !== '').join('\n')}`;
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
