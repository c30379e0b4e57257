import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { ThreadLooks, timesOf } from './threads.ts';

it('time goes to the function that was seen', () => {
  const frame = (functionName: string, url: string) => ({
    functionName,
    url,
    scriptId: '0',
    lineNumber: 0,
    columnNumber: 0,
  });
  const nodes = [
    { id: 1, callFrame: frame('(idle)', '') },
    { id: 2, callFrame: frame('kernels/mix/mix', 'wasm://wasm/0a1b') },
    { id: 3, callFrame: frame('place', 'file:///home/x/src/main/studio/engine/draw/rays.ts') },
    { id: 4, callFrame: frame('send', 'file:///home/x/node_modules/ws/lib/sender.js') },
    { id: 5, callFrame: frame('place', 'file:///home/x/src/main/studio/engine/draw/rays.ts') },
  ];
  const profile = {
    nodes,
    startTime: 0,
    endTime: 0,
    samples: [1, 2, 3, 4, 5],
    timeDeltas: [9000, 3000, 1000, 500, 250],
  };
  expect(timesOf('avatar', profile)).toEqual({
    thread: 'avatar',
    parts: [
      { where: 'waiting', ms: 9 },
      { where: 'mix (kernels)', ms: 3 },
      { where: 'place (engine/draw/rays.ts)', ms: 1.25 },
      { where: 'ws', ms: 0.5 },
    ],
  });
});

it('workers are looked at too, those that start meanwhile among them', async () => {
  const looks = await ThreadLooks.begin();
  const code = `
    const { parentPort } = require('node:worker_threads');
    function busy() { for (const end = Date.now() + 50; Date.now() < end; ); }
    parentPort.on('message', () => { busy(); parentPort.postMessage('done'); });
  `;
  const worker = new Worker(code, { eval: true, name: 'hand' });
  await once(worker, 'online');
  await expect.poll(() => looks.threads).toContain('hand');
  worker.postMessage('go');
  await once(worker, 'message');
  const times = await looks.end();
  await worker.terminate();
  expect(times.map(({ thread }) => thread)).toEqual(expect.arrayContaining(['main', 'hand']));
  const hand = times.find(({ thread }) => thread === 'hand')!;
  expect(hand.parts.find(({ where }) => where === 'busy')!.ms).toBeGreaterThan(0);
});
