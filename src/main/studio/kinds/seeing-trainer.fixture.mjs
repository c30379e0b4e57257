#!/usr/bin/env node
// Stands in for the trainer where only what becomes of an analysis is tested: what it sees lies beside the
// video, or where the environment says.
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const say = (event) => process.stdout.write(`${JSON.stringify({ v: 1, time: Date.now() / 1000, ...event })}\n`);
const exit = (code) => process.stdout.write('', () => process.exit(code));
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { source, analysisDir } = JSON.parse((await lines.next()).value);
const seen = process.env.LIKENESS_SEEN ?? `${source}.track`;

mkdirSync(analysisDir, { recursive: true });
writeFileSync(`${analysisDir}/person.mkv`, 'a face');
say({ type: 'stage', name: 'scan', index: 0, count: 1, ends: [1] });
if (`${source} ${seen}`.includes('slow')) {
  await lines.next();
  say({ type: 'error', code: 'cancelled', message: 'The job was stopped.', hint: 'Resume it.' });
  exit(3);
} else if (!existsSync(seen)) {
  say({ type: 'error', code: 'no-face', message: 'No face was found in this video.', hint: 'Use another one.' });
  exit(2);
} else {
  copyFileSync(seen, `${analysisDir}/track.safetensors`);
  say({ type: 'progress', stage: 'scan', done: 1, total: 1, unit: 'frames', rate: null, etaSeconds: null });
  const states = { good: 200, occluded: 0, missing: 0, other: 0, blurred: 0 };
  say({ type: 'done', summary: { frames: 200, states, people: [], checks: [], seconds: 1, secondsByStage: {} } });
  exit(0);
}
