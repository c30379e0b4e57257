import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { JobKind } from '../../../shared/contract/job.ts';
import { initialTake, PLAIN_SPEECH, type Take } from '../../../shared/domain/take.ts';
import { LANES } from '../jobs/index.ts';
import { Library } from '../library/index.ts';
import { KINDS, type RequestOf, workAt } from './index.ts';

const dir = await mkdtemp(join(tmpdir(), 'likeness-test-'));
const library = new Library(dir);
afterAll(async () => {
  library.close();
  await rm(dir, { recursive: true });
});

const take: Take = { ...initialTake({ duration: 2, hasAudio: true }), speech: { ...PLAIN_SPEECH, strength: 1.2 } };
const FRAMED = { shape: '1:1', background: { kind: 'colour', colour: '#1e3a5f' } } as const;
/** What exports were before there was a choice. */
const PLAIN = { shape: 'own', background: { kind: 'own' }, format: 'mp4', quality: 'good' } as const;
/** With everything that can be said. */
const REQUESTS: { readonly [Name in JobKind]: RequestOf<Name> } = {
  analyze: { person: 1, faceBasis: 'bfm-2009' },
  train: {},
  checkpoint: { run: 3 },
  estimate: {},
  evaluate: { videoPath: '/films/watched.mp4', report: true, reportDir: '/reports/ada' },
  render: { outDir: '/frames', split: 'test', drive: 'speech', size: 'crop' },
  ablate: { subject: 'speech', hears: 'ada' },
  'demo-sample': { outDir: '/sample', seconds: 3, seed: 7, project: true },
  'face-basis': { file: '/downloads/01_MorphableModel.mat' },
  'hubert-graphs': {},
  pictures: {},
  export: {
    sound: { kind: 'take', take },
    speech: PLAIN_SPEECH,
    outPath: '/films/said.mp4',
    mode: 'portrait',
    height: 720,
    shape: '9:16',
    background: { kind: 'file', path: '/pictures/wall.jpg' },
    format: 'webm',
    quality: 'best',
  },
  frame: { take, name: 'Take 1', at: 1.5, outPath: '/films/said.png', mode: 'portrait', height: 720, ...FRAMED },
  drive: { path: '/films/ada.mp4', name: 'ada', consent: 'consent-1' },
  'same-person': { path: '/films/consent.mp4' },
  say: {
    script: { text: 'Hello.', voice: 'en-us-joe', speed: 1.2, pause: 0.5 },
    name: 'Hello.',
    outPath: '/sounds/hello.wav',
    timesPath: '/sounds/hello.json',
  },
  align: { text: 'Hello.', language: 'en-us', sound: { path: '/sounds/hello.wav' }, outPath: '/sounds/hello.srt' },
  voice: { voice: 'en-us-joe', agreed: true },
  'set-up': {},
};

describe('every kind of job', () => {
  it.each(JobKind.options)('%s waits in a lane there is, and reads in the library what was asked of it', (kind) => {
    const { lane, request } = KINDS[kind];
    expect(LANES[lane]).toBeGreaterThan(0);
    const asked = request.parse(REQUESTS[kind]);
    expect(asked).toEqual(REQUESTS[kind]);
    const { id } = library.jobs.add({ kind, lane, projectId: null, runId: null, request: asked }, 'nobody');
    const kept = library.jobs.get(id)!;
    expect(kept).toMatchObject({ kind, lane, state: { kind: 'queued' } });
    expect(request.parse(kept.request)).toEqual(asked);
  });

  it.each([
    { kind: 'source' } as const,
    { kind: 'path', path: '/sounds/said.wav' } as const,
    { kind: 'take', take } as const,
  ])('an export may say $kind', (sound) => {
    const request = { sound, outPath: '/films/said.mp4', mode: 'portrait', height: 360 } as const;
    expect(KINDS.export.request.parse(request)).toEqual({ ...request, ...PLAIN, speech: PLAIN_SPEECH });
  });
});

it('a job that another version asked for in other words is refused in its turn, as an unknown kind is', async () => {
  const work = workAt({ library } as never);
  const context = { resumed: true, signal: new AbortController().signal, report: () => {}, setWorker: () => {} };
  const { id } = library.jobs.add(
    { kind: 'render', lane: 'trainer', projectId: null, runId: null, request: { where: '/frames' } },
    'nobody',
  );
  const job = library.jobs.get(id)!;
  await expect(work({ ...context, job })).rejects.toMatchObject({ code: 'bad-request' });
  await expect(work({ ...context, job: { ...job, kind: 'unknown' } })).rejects.toMatchObject({ code: 'bad-request' });
});

it('an export that an earlier version was asked for can be gone on with', () => {
  const { lanes: _, ...old } = { ...take, version: 1 };
  const plain = { speech: PLAIN_SPEECH, outPath: '/films/said.mp4', mode: 'dub', height: 'source' } as const;
  const request = { ...plain, sound: { kind: 'take', take: old } };
  expect(KINDS.export.request.parse(request)).toEqual({ ...plain, ...PLAIN, sound: { kind: 'take', take } });
});
