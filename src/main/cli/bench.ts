import { join } from 'node:path';
import type { Command } from 'commander';
import { BenchResult, StudioError } from '../../shared/contract/index.ts';
import { benchmark } from '../studio/benchmark.ts';
import type { Studio } from '../studio/studio.ts';
import { liveSpeed } from '../web/live-speed.ts';
import { wholeNumber } from './arguments.ts';
import type { Run } from './session.ts';
import { answer, note } from './terminal.ts';

export function addBench(program: Command, run: Run): void {
  program
    .command('bench')
    .description('Times an avatar on this computer: each graph, the live line, the speech chain and an export.')
    .argument('[project]', 'an id or a unique name (default: the newest with an avatar)')
    .option('--threads <number>', 'threads for the graphs', wholeNumber, 2)
    .action((named: string | undefined, { threads }: { threads: number }) =>
      run(async ({ studio, terminal, signal }) => {
        const project = named ?? newestWithAvatar(studio);
        const request = { tools: await studio.tools(), avatarPath: studio.avatarPath(project), audioPath: join(studio.installation.resources, 'sample', 'other-voice.wav'), threads };
        note(terminal, `Timing ${request.avatarPath} with ${threads} threads ...`);
        const engine = await benchmark(request, signal);
        const result = { ...engine, live: await liveSpeed(studio, project, threads, signal) };
        answer(terminal, BenchResult, result, lines(result));
      }),
    );
}

function newestWithAvatar(studio: Studio): string {
  const newest = studio.projects().find(({ trained }) => trained);
  if (newest) return newest.id;
  throw new StudioError({ code: 'not-found', message: 'There is no avatar in this library to time.', hint: 'Train one first, or run "npm run demo" and name its library with --library.' });
}

function lines({ preview, graphs, live, motion, export: written, memoryMb }: BenchResult): string[] {
  const row = (cells: readonly string[]) => cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(10))).join('');
  return [
    row(['graph', 'height', 'fps', 'p50 ms', 'p95 ms']),
    ...graphs.map(({ model, height, fps, p50Ms, p95Ms }) => row([`${model}${model === preview.model ? ' (live)' : ''}`, String(height), fps.toFixed(1), p50Ms.toFixed(1), p95Ms.toFixed(1)])),
    `live line: ${live.fps.toFixed(1)} pictures a second at ${live.height} rows (the engine alone ${live.engineFps.toFixed(1)}), wish to picture ${live.p50Ms.toFixed(0)} ms (p95 ${live.p95Ms.toFixed(0)}); scrubbing ${live.scrub.p50Ms.toFixed(0)} ms (p95 ${live.scrub.p95Ms.toFixed(0)})`,
    `speech to motion ${motion.xRealtime.toFixed(1)} times real time; export ${written.xRealtime.toFixed(2)} times real time; ${Math.round(memoryMb)} MB`,
  ];
}
