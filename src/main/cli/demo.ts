import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import { isResumable } from '../../shared/domain/job.ts';
import { defaultLibraryDir } from '../studio/library-dir.ts';
import { followJob } from './follow-job.ts';
import { duration } from './progress.ts';
import type { InSession, Session } from './session.ts';
import { answer, note } from './terminal.ts';

const DemoResult = z.object({
  projectId: z.string(),
  sample: z.string(),
  avatar: z.string(),
  psnr: z.object({ head: z.number(), face: z.number(), mouth: z.number() }).nullable(), // held-out frames, dB
  dub: z.string(),
  portrait: z.string(),
  seconds: z.number(),
});

const NAME = 'Sample person';

export function addDemo(program: Command, inSession: InSession): void {
  program
    .command('demo')
    .description('The whole way once, with a synthetic person: film, analyse, make an instant avatar, speak.')
    .action(() => inSession(demo, `${defaultLibraryDir()}-demo`));
}

/** Every step looks whether its result is there already, so a second run answers at once and a stopped one goes on. */
async function demo(session: Session): Promise<void> {
  const { studio, terminal } = session;
  const begin = performance.now();
  const step = (text: string) => note(terminal, `\n${text}`);
  const library = studio.libraryDir;
  note(terminal, `The demo's library is ${library}`);

  const sample = join(library, 'sample', 'sample.mp4');
  if (!existsSync(sample)) {
    step('1/5 Filming the synthetic person');
    await followJob(session, studio.projects.drawSample({ outDir: join(library, 'sample') }));
  }

  if (!studio.projects.list().some(({ name }) => name === NAME)) {
    step('2/5 Importing it');
    await studio.projects.importVideo({
      path: sample,
      name: NAME,
      consent: { basis: 'synthetic', note: 'Drawn by Likeness; nobody real.' },
    });
  }
  const { id: projectId, analysed, trained } = await studio.projects.get(NAME);

  if (!analysed) {
    step('3/5 Analysing it');
    const report = await followJob(session, studio.training.analyze(projectId));
    note(terminal, `${report.states.good} of ${report.frames} frames are good.`);
  }

  if (!trained) {
    step('4/5 Making her avatar (instant)');
    const stopped = studio.jobs
      .list()
      .find((job) => job.kind === 'train' && job.projectId === projectId && isResumable(job));
    await followJob(
      session,
      stopped ? studio.jobs.resume(stopped.id) : studio.training.train(projectId, { preset: 'instant' }),
    );
  }
  const { quality } = await studio.projects.get(projectId);
  if (quality)
    note(
      terminal,
      `On frames it never saw, PSNR: ` +
        `head ${db(quality.psnr.head)}, face ${db(quality.psnr.face)}, mouth ${db(quality.psnr.mouth)} ` +
        `(warped nearest frame: face ${db(quality.baselines.warp.psnr.face)}).`,
    );

  const avatar = studio.avatars.path(projectId);
  const audioPath = join(studio.installation.resources, 'sample', 'other-voice.wav');
  const [dub, portrait] = [join(library, 'demo-dub.mp4'), join(library, 'demo-portrait.mp4')];
  for (const [mode, outPath, height] of [
    ['dub', dub, 'source'],
    ['portrait', portrait, 360],
  ] as const) {
    if (existsSync(outPath) && statSync(outPath).mtimeMs > statSync(avatar).mtimeMs) continue;
    step(`5/5 Speaking: ${mode}`);
    await followJob(
      session,
      studio.avatars.exportVideo(projectId, { sound: { kind: 'path', path: audioPath }, outPath, mode, height }),
    );
  }

  const seconds = (performance.now() - begin) / 1000;
  answer(terminal, DemoResult, { projectId, sample, avatar, psnr: quality?.psnr ?? null, dub, portrait, seconds }, [
    '',
    `Done in ${duration(seconds)}. Look at:`,
    `  ${dub}       the sample video, speaking other words`,
    `  ${portrait}  the avatar alone`,
    `  ${sample}    what it learnt from`,
  ]);
}

const db = (value: number): string => `${value.toFixed(1)} dB`;
