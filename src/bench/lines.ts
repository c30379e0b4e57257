import type { BenchResult } from './result.ts';
import { profileLines } from './profile/lines.ts';
import type { Spread } from '../main/studio/engine/numbers/spread.ts';
import type { WindowSpeed } from './window/speed.ts';

/** What `bench` found, for people. */
export function benchLines({
  chosen,
  graphs,
  live,
  window,
  motion,
  speech,
  export: written,
  dub,
  memoryMb,
  profile,
}: BenchResult): string[] {
  const row = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(16) : cell.padStart(10))).join('');
  return [
    row(['graph', 'height', 'fps', 'p50 ms', 'p95 ms']),
    ...graphs.map(({ model, height, fps, p50Ms, p95Ms }) =>
      row([
        `${model}${model === chosen.model ? ' (live)' : ''}`,
        String(height),
        fps.toFixed(1),
        p50Ms.toFixed(1),
        p95Ms.toFixed(1),
      ]),
    ),
    `live line: ${live.fps.toFixed(1)} pictures a second at ${live.height} rows ` +
      `(the engine alone ${live.engineFps.toFixed(1)}), ` +
      `wish to picture ${spread(live)}; scrubbing ${spread(live.scrub)}; ` +
      `${live.large.fps.toFixed(1)} at ${live.large.height} rows`,
    ...(window ? windowLines(window, live.engineFps) : []),
    ...speechLines(speech),
    `speech to motion ${motion.xRealtime.toFixed(1)} times real time; ` +
      `export ${written.xRealtime.toFixed(2)} times real time` +
      (dub ? `, dubbed at ${dub.width}x${dub.height} ${dub.xRealtime.toFixed(2)}` : '') +
      `; ${Math.round(memoryMb)} MB`,
    ...profileLines(profile ?? []),
  ];
}

function speechLines({ xRealtime, coreXRealtime, live }: BenchResult['speech']): string[] {
  const whole =
    `speech, one thread: ${xRealtime.toFixed(0)} times real time ` + `(${coreXRealtime.toFixed(0)} by processor time)`;
  if (!live) return [`${whole}; this avatar was made before live sound could drive one`];
  const memory = live.memory
    .map(({ minutes, residentMb }) => `${Math.round(residentMb)} MB after ${minutes} min`)
    .join(', ');
  return [
    `${whole}; live, a step for 40 ms of sound in ${live.stepMs.p50Ms.toFixed(1)} ms ` +
      `(p95 ${live.stepMs.p95Ms.toFixed(1)}; ${live.stepCoreMs.toFixed(1)} of processor time), ` +
      `${live.xRealtime.toFixed(1)} times real time${memory && `; ${memory}`}`,
  ];
}

function windowLines(
  { browser, playing, scrub, interactiveMs, open, bundle }: WindowSpeed,
  engineFps: number,
): string[] {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  const weight = ({ bytes, gzipBytes }: { readonly bytes: number; readonly gzipBytes: number }) =>
    `${Math.round(bytes / 1000)} kB (${Math.round(gzipBytes / 1000)} gzip)`;
  return [
    `window, ${browser}: ${playing.fps.toFixed(1)} pictures a second at ${playing.height} rows ` +
      `while a video of ${playing.sourceFps.toFixed(0)} plays, ${playing.mostFps.toFixed(1)} at four times the speed ` +
      `(the engine alone ${engineFps.toFixed(1)})`,
    `  scrub to frame: source ${spread(scrub.source)}, avatar ${spread(scrub.avatar)}; ` +
      `library usable after ${seconds(interactiveMs)}; a project's picture after ${seconds(open.pictureMs)}, ` +
      `its avatar's after ${seconds(open.avatarMs)} the first time`,
    `  bundle: ${weight(bundle.main)} and styles ${weight(bundle.styles)}; fetched when wanted ${weight(bundle.lazy)}`,
  ];
}

function spread({ p50Ms, p95Ms }: Spread): string {
  return `${p50Ms.toFixed(0)} ms (p95 ${p95Ms.toFixed(0)})`;
}
