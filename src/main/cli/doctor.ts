import type { Command } from 'commander';
import { DoctorResult } from '../../shared/contract/index.ts';
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

function lines({ ok, problems, versions, devices, ffmpeg, python, models, disk }: DoctorResult): string[] {
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  const row = (name: string, value: string) => `${name.padEnd(12)} ${value}`;
  return [
    ...Object.entries(versions).map(([name, version]) => row(name, version)),
    row('python', python ? `${python.version} (${python.path})` : 'missing'),
    row('ffmpeg', ffmpeg ? `${ffmpeg.version} (${ffmpeg.path})` : 'missing'),
    ...devices.map(({ kind, name }) => row(kind, name)),
    ...models.map(({ name, present }) => row('model', `${name}${present ? '' : ' (not here)'}`)),
    row('disk', `${gigabytes(disk.freeBytes)} free, the library takes ${gigabytes(disk.libraryBytes)}`),
    '',
    ...(ok
      ? ['Everything is in order.']
      : problems.flatMap(({ message, hint }) => [`problem: ${message}`, `         ${hint}`])),
  ];
}
