#!/usr/bin/env node
// Stands in for the trainer where only what it is asked is tested: leaves a checkpoint, dies in its first training,
// and otherwise answers with its own orders.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

const say = (event) => process.stdout.write(`${JSON.stringify({ v: 1, time: Date.now() / 1000, ...event })}\n`);
const finish = (summary) => {
  say({ type: 'done', summary });
  process.stdout.write('', () => process.exit(0));
};
const job = JSON.parse((await createInterface({ input: process.stdin })[Symbol.asyncIterator]().next()).value);
if (job.command === 'analyze') {
  mkdirSync(job.analysisDir, { recursive: true });
  writeFileSync(`${job.analysisDir}/track.safetensors`, '');
  finish({
    frames: 25,
    states: { good: 25, occluded: 0, missing: 0, other: 0, blurred: 0 },
    people: [],
    checks: [],
    seconds: 1,
    secondsByStage: {},
    ...(job.faceBasis ? { faceBasis: basename(job.faceBasis, '.safetensors') } : {}),
  });
} else if (job.command === 'face-basis') {
  // A tensor file without tensors: its header says that there is nothing behind it.
  const content = createHash('sha256').digest('hex');
  const header = Buffer.from(JSON.stringify({ __metadata__: { content } }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const path = `${job.outDir}/bfm-2009.safetensors`;
  mkdirSync(job.outDir, { recursive: true });
  writeFileSync(path, Buffer.concat([length, header]));
  finish({ model: 'bfm-2009', path, identities: 1, expressions: 0, apart: 0, content });
} else if (job.command === 'evaluate') {
  const quality = {
    psnr: { head: 1, face: 2, mouth: 3 },
    ssim: { head: 0, face: 0 },
    sharpness: { face: 1, mouth: 1 },
    lmd: 0,
    apertureR: null,
    closure: { precision: null, recall: null },
    jitter: 0,
    fps: null,
  };
  const video = {
    path: job.videoPath,
    frames: 25,
    heldOut: 2,
    fps: 25,
    start: 0,
    opening: { r: null, heldOutR: null, bestR: null, lagSeconds: null },
  };
  const files = { html: 'report.html', film: 'film.mp4', figures: 'report.json' };
  if (job.reportDir) mkdirSync(job.reportDir, { recursive: true });
  const report = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, `${job.reportDir}/${file}`]));
  if (job.reportDir) for (const [name, path] of Object.entries(report)) writeFileSync(path, name);
  finish({
    ...quality,
    frames: 2,
    baselines: { nearest: quality, warp: quality, mean: quality, instant: quality },
    ...(job.videoPath ? { video } : {}),
    ...(job.reportDir ? { report } : {}),
  });
} else {
  const first = !existsSync(`${job.runDir}/checkpoint.pt`);
  mkdirSync(job.runDir, { recursive: true });
  writeFileSync(`${job.runDir}/checkpoint.pt`, '');
  for (const step of first ? [1, 2, 3] : [3, 4])
    say({ type: 'metric', step, split: 'train', name: 'loss', value: first ? step : step + 0.5 });
  const { preset, seed, resume, runDir, consent } = job;
  if (first) process.stdout.write('', () => process.kill(process.pid, 'SIGKILL'));
  else {
    writeFileSync(job.avatarPath, JSON.stringify({ preset, seed, resume, runDir, consent }));
    finish({ avatar: job.avatarPath, seconds: 2, metrics: { loss: 4.5 } });
  }
}
