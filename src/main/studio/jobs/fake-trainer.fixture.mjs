// Stands in for the trainer where its behaviour as a process is what is tested: hanging, crashing, talking nonsense.
import { spawn } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const say = (event) => process.stdout.write(`${JSON.stringify({ v: 1, time: Date.now() / 1000, ...event })}\n`);
const exit = (code) => process.stdout.write('', () => process.exit(code)); // once everything said has been heard
const hold = () => setInterval(() => undefined, 1000);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const { done, value } = await lines.next();
if (done) process.exit(3); // begun for a job that never came
const job = JSON.parse(value);
const behaviour = job.source.split('/').at(-1);
appendFileSync(`${job.analysisDir}.starts`, `${process.pid}\n`);

switch (behaviour) {
  case 'works':
    say({ type: 'stage', name: 'track', index: 0, count: 2, ends: [0.5, 1] });
    for (let done = 1; done <= 50; done += 1)
      say({ type: 'progress', stage: 'track', done, total: 50, unit: 'frames', rate: null, etaSeconds: null });
    say({ type: 'metric', step: 1, split: 'test', name: 'psnr', value: 30 });
    say({ type: 'done', summary: { threads: process.env.OMP_NUM_THREADS, policy: process.env.OMP_WAIT_POLICY } });
    exit(0);
    break;
  case 'babbles':
    process.stdout.write('INFO: a library speaks\n{"v":1,"type":"progress"}\n{"v":2}\n\0\xff\n');
    process.stdout.write(`${'x'.repeat(3 << 20)}\n`);
    say({ type: 'done', summary: { ok: true } });
    exit(0);
    break;
  case 'floods': {
    const words = `${'the same warning again '.repeat(40)}\n`.repeat(1000);
    for (let megabytes = 0; megabytes < 32; megabytes += 1) {
      process.stderr.write(words);
      process.stdout.write(words);
    }
    say({ type: 'done', summary: { ok: true } });
    exit(0);
    break;
  }
  case 'confused': {
    // what JSON or the events do not know, half an event, one out of order, and one after the end
    const deep = 400_000;
    process.stdout.write('{"v":1,"time":NaN,"type":"done","summary":{}}\n{"v":1,"time":1,"type":"metric","st');
    process.stdout.write(`\n{"v":1,"time":0,"type":"done","summary":{"a":${'['.repeat(deep)}${']'.repeat(deep)}}}\n`);
    say({ type: 'progress', stage: 'none', done: 9, total: 0, unit: 'frames', rate: null, etaSeconds: null });
    say({ type: 'done', summary: { text: '[{"'.repeat(99), nested: [[[{}]]] } });
    say({ type: 'stage', name: 'late', index: 7, count: 2, ends: [] });
    exit(0);
    break;
  }
  case 'refuses':
    say({ type: 'error', code: 'no-face', message: 'No face was found.', hint: 'Use a video with a face.' });
    exit(2);
    break;
  case 'crashes':
    process.stderr.write('Traceback: ZeroDivisionError\n');
    exit(1);
    break;
  case 'no-summary':
    exit(0);
    break;
  case 'asks-nicely': // stops when told, as the trainer does
    say({ type: 'stage', name: 'train', index: 0, count: 1, ends: [1] });
    await lines.next();
    writeFileSync(`${job.analysisDir}.ends`, 'told');
    say({ type: 'error', code: 'cancelled', message: 'The job was stopped.', hint: 'Resume it.' });
    exit(3);
    break;
  case 'hangs': {
    // ignores everything, and so does its child, which keeps the pipes open
    process.on('SIGTERM', () => undefined);
    const child = spawn(
      process.execPath,
      ['-e', "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)"],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    appendFileSync(`${job.analysisDir}.starts`, `${child.pid}\n`);
    say({ type: 'stage', name: 'train', index: 0, count: 1, ends: [1] });
    hold();
    break;
  }
  case 'leaves-child': {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    appendFileSync(`${job.analysisDir}.starts`, `${child.pid}\n`);
    say({ type: 'done', summary: {} });
    child.on('spawn', () => exit(0));
    break;
  }
  default:
    exit(2);
    break;
}
