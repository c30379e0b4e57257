import { readdirSync, readFileSync } from 'node:fs';
import type { AxiosError } from 'axios';
import { OpenAPIClientAxios, type OpenAPIV3_1 } from 'openapi-client-axios';
import { afterAll, describe, expect, it, test } from 'vitest';
import type { JobDetail } from '../../../shared/contract/job.ts';
import { tinyClip } from '../../studio/media/clips.fixture.ts';
import { giveAvatar, heldVoices, servedApi, TOKEN } from './served.fixture.ts';

const SCRIPT = { text: 'Hello. This is a test.', voice: 'hum', speed: 1, pause: 0.2 };
/** What is said in the sample's voice. */
const ROBIN =
  'Hello, I am Robin. Every pixel of my face was made by a program. Look at the camera, speak clearly for a few ' +
  'minutes, and both of us will move our mouths together, wave after wave.';
const TRAIN = { preset: 'instant', device: 'cpu', resume: false };
const { at, studio, host, ask, close } = await servedApi();
afterAll(close);

const document = (await (await ask('/openapi.json')).json()) as OpenAPIV3_1.Document;
const client = await new OpenAPIClientAxios({
  definition: document,
  axiosConfigDefaults: {
    baseURL: host.apiUrl,
    headers: { authorization: `Bearer ${TOKEN}` },
    adapter: 'fetch',
  },
}).init();
/** By the name of an operation, what goes into its address, and what is sent. */
async function asks<Answer>(operation: string, where?: Record<string, string>, what?: unknown): Promise<Answer> {
  const request = client[operation] as (...asked: unknown[]) => Promise<{ data: Answer }>;
  const { data } = await request(where, what).catch((error: AxiosError) => {
    throw Object.assign(new Error(JSON.stringify(error.response?.data)), { problem: error.response?.data });
  });
  return data;
}

/** What stands for a file that is handed over. */
async function uploaded(name: string, bytes: unknown): Promise<{ readonly kind: 'upload'; readonly token: string }> {
  return { kind: 'upload', ...(await asks<{ token: string }>('uploads_add', { name }, bytes)) };
}

/** What is told of a job, until nobody tells more. */
async function eventsOf(job: string): Promise<JobDetail[]> {
  const response = await ask(`/jobs/${job}/events`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const messages = (await response.text()).split('\n\n').filter((message) => message.startsWith('event: message'));
  return messages.map((message) => JSON.parse(/^data: (.*)$/m.exec(message)![1]!) as JobDetail);
}

describe('a client that was generated from the document', () => {
  let project = '';
  let sound = '';

  it('makes a project of a video that it uploads', async () => {
    await tinyClip(at('ada.mp4'));
    const { token } = await asks<{ token: string }>('uploads_add', { name: 'ada.mp4' }, readFileSync(at('ada.mp4')));
    const { projectId } = await asks<{ projectId: string }>('projects_import', undefined, {
      file: { kind: 'upload', token },
      name: 'Ada',
      consent: { basis: 'permission', note: 'Ada Byron, in writing, on 2 May' },
    });
    project = projectId;
    expect(await asks('projects_list')).toMatchObject([{ id: project, name: 'Ada', trained: false }]);
    expect(await asks('consents_show', { id: project })).toMatchObject({ basis: 'permission' });
    await expect(asks('work_train', { id: project }, TRAIN)).rejects.toMatchObject({ problem: { status: 404 } });
  });

  it('has a script spoken, and hears of the job until it is done', async () => {
    giveAvatar(studio, project);
    const { jobId } = await asks<{ jobId: string }>('voices_say', { id: project }, { script: SCRIPT });
    const events = await eventsOf(jobId);
    expect(events.at(-1)).toMatchObject({ id: jobId, status: 'done', made: { exports: [] } });
    sound = events.at(-1)!.made!.sound!;
    expect(await asks('voices_script', { id: project, sound })).toMatchObject({ script: { text: SCRIPT.text } });
    const wave = await ask(`/projects/${project}/sounds/${sound}`);
    expect((await wave.text()).slice(0, 4)).toBe('RIFF');
  });

  it('exports it with captions and for an editor, and downloads what was made', async () => {
    const film = { sound: { kind: 'sound', sound }, mode: 'portrait', height: 128, shape: '9:16' };
    const beside = { captions: 'srt', timeline: true };
    const { jobId } = await asks<{ jobId: string }>('work_export', { id: project }, { ...film, ...beside });
    const { made } = (await eventsOf(jobId)).at(-1)!;
    expect(made!.exports.map((name) => name.replace(/.*\./, ''))).toEqual(['mp4', 'srt', 'otio']);
    const addressOf = (name: string) => `/projects/${project}/exports/${encodeURIComponent(name)}`;
    const [picture, captions, timeline] = made!.exports.map(addressOf);
    expect(await (await ask(captions!)).text()).toContain('This is a test.');
    const edited = JSON.stringify(await (await ask(timeline!)).json());
    for (const said of ['Film', 'Source', 'Sound 1', 'This is a test.', `${sound}.wav`]) expect(edited).toContain(said);
    const whole = await ask(picture!);
    const bytes = new Uint8Array(await whole.arrayBuffer());
    expect([whole.status, Buffer.from(bytes.slice(4, 8)).toString()]).toEqual([200, 'ftyp']);
    const head = await ask(picture!, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(bytes.length));
    const part = await ask(picture!, { headers: { range: 'bytes=4-7' } });
    expect([part.status, await part.text()]).toEqual([206, 'ftyp']);
    expect((await ask(picture!, { headers: { range: 'bytes=99999999-' } })).status).toBe(416);
    expect(await asks('jobs_get', { id: jobId })).toMatchObject({ made });
  });

  it('asks what a film says of itself', async () => {
    const { exports } = await asks<{ exports: { name: string }[] }>('projects_get', { id: project });
    const { name } = exports.find((one) => one.name.endsWith('.mp4'))!;
    const film = await ask(`/projects/${project}/exports/${encodeURIComponent(name)}`);
    const record = await ask(`/projects/${project}/exports/${encodeURIComponent(`${name}.provenance.json`)}`);
    expect(await record.json()).toMatchObject({ output: { frames: expect.any(Number) as unknown } });
    const file = await uploaded(name, await film.arrayBuffer());
    expect(await asks('system_verify', undefined, { file })).toMatchObject({
      sureness: expect.stringMatching(/^(sure|likely|said)$/) as unknown,
      metadata: { kind: 'found', generated: true },
      record: { kind: 'none' },
    });
  });

  it('shows subtitles of its own, where captions are asked for', async () => {
    const subtitles = await uploaded('mine.srt', '1\n00:00:00,000 --> 00:00:01,000\nMine\n');
    const film = { sound: { kind: 'sound', sound }, mode: 'portrait', height: 128, subtitles };
    await expect(asks('work_export', { id: project }, film)).rejects.toMatchObject({
      problem: { status: 400, detail: 'Subtitles are for captions, and none are asked for.' },
    });
    const how = { captions: 'vtt', speech: { strength: 0.5 } };
    const { jobId } = await asks<{ jobId: string }>('work_export', { id: project }, { ...film, ...how });
    const [name, captions] = (await eventsOf(jobId)).at(-1)!.made!.exports;
    const addressOf = (file: string) => `/projects/${project}/exports/${encodeURIComponent(file)}`;
    expect(await (await ask(addressOf(captions!))).text()).toContain('Mine');
    const record = await ask(addressOf(`${name!}.provenance.json`));
    expect(await record.json()).toMatchObject({ speech: { mouthStrength: 0.5 } });
    await expect.poll(() => readdirSync(at('uploads')).join()).not.toContain(subtitles.token);
  });

  it('gives a recording its text', async () => {
    const file = await uploaded('voice.wav', readFileSync('resources/sample/voice.wav'));
    const { id: recorded } = await asks<{ id: string }>('sounds_add', { id: project }, { file, name: 'Robin' });
    const where = { id: project, sound: recorded };
    expect(await asks('voices_text', where)).toBeNull();
    const { jobId } = await asks<{ jobId: string }>('voices_align', where, { text: ROBIN, language: 'en-us' });
    expect((await eventsOf(jobId)).at(-1)).toMatchObject({ status: 'done', made: { sound: recorded } });
    const known = await asks<{ text: string; times: { words: { text: string }[] } }>('voices_text', where);
    expect([known.text, known.times.words.length]).toEqual([ROBIN, 36]);
  });

  it('cancels a job that waits, and its events end', async () => {
    const release = heldVoices(studio);
    const { jobId } = await asks<{ jobId: string }>('voices_say', { id: project }, { script: SCRIPT });
    const events = eventsOf(jobId);
    await asks('jobs_cancel', { id: jobId });
    expect((await events).at(-1)).toMatchObject({ status: 'cancelled', made: null });
    release();
  });

  it('has to say who agreed', async () => {
    const file = { kind: 'upload', token: 'A'.repeat(24) };
    const asked = asks('projects_import', undefined, { file, name: 'B', consent: { basis: 'permission', note: ' ' } });
    await expect(asked).rejects.toMatchObject({
      problem: { status: 403, code: 'consent-required', detail: 'It is not said who agreed.' },
    });
  });
});

test('the document says what is there, and how it is refused', () => {
  const operations = Object.values(document.paths!).flatMap((item) => Object.values(item!));
  const named = operations.map((one) => (one as OpenAPIV3_1.OperationObject).operationId);
  expect(new Set(named).size).toBe(named.length);
  expect(document.openapi).toMatch(/^3\.1/);
  for (const one of operations as OpenAPIV3_1.OperationObject[]) {
    expect(one.summary).toMatch(/^[A-Z].*\.$/);
    expect(one.responses).toHaveProperty('default');
  }
  // no file of this computer can be named, and nothing is told of those that it was found in
  expect(JSON.stringify(document)).not.toContain('"path"}');
  expect(JSON.stringify(document.paths!['/projects']!.post)).not.toMatch(/"const":"path"/);
});
