import type { Command } from 'commander';
import { DoctorResult } from '../../shared/contract/index.ts';
import type { TriedProvider } from '../../shared/contract/providers.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

export function addDoctor(program: Command, inSession: InSession): void {
  program
    .command('doctor')
    .description('Checks that everything Likeness needs is here and works.')
    .action(() =>
      inSession(async ({ studio, terminal }) => {
        const result = await studio.system.doctor();
        answer(terminal, DoctorResult, result, lines(result));
        if (!result.ok) process.exitCode = 4;
      }),
    );
}

const ORIGIN = { brought: 'came along', named: 'named by you', system: "this computer's own" } as const;

/** Times are always ffmpeg's, so that another clock does no harm. */
function disagreement({ sameBuild, agrees }: NonNullable<DoctorResult['ffprobe']>): string {
  if (sameBuild) return '';
  return agrees ? ', another build than ffmpeg' : ", another build than ffmpeg, with another clock: ffmpeg's counts";
}

/** What runs avatars' networks: what is wanted, what there is, and what came of trying it. */
function networkLines({ choice, offered, found }: NonNullable<DoctorResult['networks']>): string[] {
  const refused = found.flatMap(({ tried }) => tried.flatMap((one) => (one.refused && one.ms === null ? [one] : [])));
  const reasons = new Set(refused.map(({ provider, refused: why }) => `${provider} not used: ${why}`));
  const told = ({ provider, ms, refused: why }: TriedProvider): string[] =>
    ms === null ? [] : [`${provider} ${ms.toFixed(1)} ms${why ? ` (not used: ${why})` : ''}`];
  const timed = found.filter(({ tried }) => tried.some(({ ms }) => ms !== null));
  return [
    `${choice}, of ${offered.join(', ')}`,
    ...reasons,
    ...timed.map(({ file, provider, tried }) => `${file} on ${provider}: ${tried.flatMap(told).join(', ')}`),
  ];
}

function lines(result: DoctorResult): string[] {
  const { ok, problems, versions, devices, networks, ffmpeg, ffprobe, python, models, disk } = result;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const row = (name: string, value: string) => `${name.padEnd(12)} ${value}`;
  return [
    ...Object.entries(versions).map(([name, version]) => row(name, version)),
    row('python', python ? `${python.version} (${python.path})` : 'missing'),
    row('ffmpeg', ffmpeg ? `${ffmpeg.version}, ${ORIGIN[ffmpeg.origin]} (${ffmpeg.path})` : 'missing'),
    row('ffprobe', ffprobe ? `${ffprobe.version}${disagreement(ffprobe)} (${ffprobe.path})` : 'missing'),
    ...devices.map(({ kind, name }) => row(kind, name)),
    ...(networks ? networkLines(networks).map((line) => row('networks', line)) : []),
    ...models.map(({ name, present }) => row('model', `${name}${present ? '' : ' (not here)'}`)),
    row('disk', `${gigabytes(disk.freeBytes)} free, the library takes ${gigabytes(disk.libraryBytes)}`),
    '',
    ...(ok
      ? ['Everything is in order.']
      : problems.flatMap(({ message, hint }) => [`problem: ${message}`, `         ${hint}`])),
  ];
}
