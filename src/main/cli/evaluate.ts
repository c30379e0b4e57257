import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type BesideVideo,
  type EncoderFigures,
  EvaluateResult,
  type NativeQuality,
  type Quality,
} from '../../shared/contract/index.ts';
import { drawnBy } from '../../shared/domain/drawn-by.ts';
import { followJob } from './follow-job.ts';
import type { InSession } from './session.ts';
import { answer } from './terminal.ts';

export function addEvaluate(program: Command, inSession: InSession): void {
  program
    .command('evaluate')
    .description('Measures the avatar on frames it never saw, next to what needs no training.')
    .argument('<project>', 'an id or a unique name')
    .option('--video <file>', 'an .mp4 file to watch: as filmed, and as the same sound drives the avatar')
    .option('--report [folder]', 'a page of figures and pictures, and a film; in the project without a folder')
    .action((project: string, { video, report }: { readonly video?: string; readonly report?: string | true }) =>
      inSession(async (session) => {
        const result = await followJob(
          session,
          session.studio.training.evaluate(project, {
            ...(video === undefined ? {} : { videoPath: resolve(video) }),
            ...(report === undefined ? {} : report === true ? { report } : { reportDir: resolve(report) }),
          }),
        );
        answer(session.terminal, EvaluateResult, result, lines(result));
      }),
    );
}

const ROWS: readonly [label: string, value: (quality: Quality) => number | null, digits: number][] = [
  ['PSNR head, dB', ({ psnr }) => psnr.head, 2],
  ['PSNR face, dB', ({ psnr }) => psnr.face, 2],
  ['PSNR mouth, dB', ({ psnr }) => psnr.mouth, 2],
  ['PSNR person, dB', ({ person }) => person ?? null, 2],
  ['SSIM head', ({ ssim }) => ssim.head, 3],
  ['SSIM face', ({ ssim }) => ssim.face, 3],
  ['sharpness face', ({ sharpness }) => sharpness.face, 2],
  ['sharpness mouth', ({ sharpness }) => sharpness.mouth, 2],
  ['lip landmark distance', ({ lmd }) => lmd, 4],
  ['mouth opening r', ({ apertureR }) => apertureR, 2],
  ['closure precision', ({ closure }) => closure.precision, 2],
  ['closure recall', ({ closure }) => closure.recall, 2],
  ['jitter, grey levels', ({ jitter }) => jitter, 2],
  ['change, grey levels', ({ change }) => change ?? null, 2],
  ['flicker', ({ flicker }) => flicker ?? null, 2],
  ['CPBD face', ({ cpbd }) => cpbd ?? null, 2],
  ['follows the track, r', ({ follows }) => follows?.track.r ?? null, 2],
  ['follows the sound, r', ({ follows }) => follows?.sound?.r ?? null, 2],
  ['by sound: face, dB', ({ spoken }) => spoken?.psnr.face ?? null, 2],
  ['by sound: mouth, dB', ({ spoken }) => spoken?.psnr.mouth ?? null, 2],
  ['perceptual distance', ({ perceptual }) => perceptual ?? null, 3],
  ['identity distance', ({ identity }) => identity ?? null, 3],
];
const NATIVE_ROWS: readonly [label: string, value: (native: NativeQuality) => number | null, digits: number][] = [
  ['PSNR head, dB', ({ psnr }) => psnr.head, 2],
  ['PSNR face, dB', ({ psnr }) => psnr.face, 2],
  ['PSNR mouth, dB', ({ psnr }) => psnr.mouth, 2],
  ['PSNR person, dB', ({ person }) => person ?? null, 2],
  ['sharpness face', ({ sharpness }) => sharpness.face, 2],
  ['sharpness mouth', ({ sharpness }) => sharpness.mouth, 2],
  ['CPBD face', ({ cpbd }) => cpbd, 2],
];

export function lines({
  frames,
  baselines,
  video,
  report,
  truth,
  sway,
  encoders,
  ...avatar
}: EvaluateResult): string[] {
  const cell = (text: string) => text.padStart(14);
  const number = (value: number | null, digits: number) => cell(value === null ? '-' : value.toFixed(digits));
  const columns: readonly [string, Quality | undefined][] = [
    ['avatar', avatar],
    ['nearest frame', baselines.nearest],
    ['warped frame', baselines.warp],
    ['mean of warps', baselines.mean],
    ['closed form', baselines.instant],
    ...(sway ? ([['with its sway', sway]] satisfies [string, Quality][]) : []),
  ];
  const row = (label: string, digits: number, value: (quality: Quality) => number | null) =>
    label.padEnd(24) +
    columns.map(([, quality]) => number(quality === undefined ? null : value(quality), digits)).join('');
  return [
    `${frames} held-out frames`.padEnd(24) + columns.map(([name]) => cell(name)).join(''),
    ...ROWS.map(([label, value, digits]) => row(label, digits, value)),
    ...(truth
      ? [
          `at ${truth.native.side} pixels, the source's own resolution, on ${truth.native.frames} frames:`,
          ...NATIVE_ROWS.map(([label, value, digits]) =>
            row(label, digits, ({ native }) => (native ? value(native) : null)),
          ),
        ]
      : []),
    ...(sway
      ? ['With its sway: as it plays its own motion. That was tracked in these frames too, as their pose was.']
      : []),
    ...(encoders ? heard(encoders) : []),
    ...[drawnBy(avatar)].filter((line) => line !== null),
    ...(video ? ['', ...watch(video)] : []),
    ...(report ? ['', report.html, report.film] : []),
  ];
}

/** What the sound does to the mesh, by each encoder that is here. */
function heard(encoders: EncoderFigures): string[] {
  const rows = Object.entries({ 'embedded encoder': encoders.embedded, HuBERT: encoders.hubert });
  const cell = (value: number | null) => (value === null ? '-' : value.toFixed(2));
  return rows.flatMap(([name, figures]) =>
    figures
      ? [
          `heard with ${name}: opening of the mesh r ${cell(figures.r)}, ` +
            `closures ${cell(figures.precision)} / ${cell(figures.recall)}`,
        ]
      : [],
  );
}

export function watch({
  path,
  frames,
  heldOut,
  fps,
  opening: { r, heldOutR, bestR, lagSeconds },
}: BesideVideo): string[] {
  const best =
    bestR === null || lagSeconds === null ? '' : `; best ${bestR.toFixed(2)}${late(Math.round(lagSeconds * 1000))}`;
  return [
    `${(frames / fps).toFixed(1)} s to watch, the last ${(heldOut / fps).toFixed(1)} s held out: ${path}`,
    `opening filmed and driven, r ${r?.toFixed(2) ?? '-'}, held out ${heldOutR?.toFixed(2) ?? '-'}${best}`,
  ];
}

function late(ms: number): string {
  return ms === 0 ? '' : ` with the driven mouth ${Math.abs(ms)} ms ${ms > 0 ? 'late' : 'early'}`;
}
