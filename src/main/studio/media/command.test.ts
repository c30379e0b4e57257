import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffmpeg, numberedClip, scratchFolder, tools } from './clips.fixture.ts';
import { ffmpegArguments } from './arguments.ts';
import { type MediaTools, openVideoSink, probeVideo, readFrames, readSound, soundSeconds, toWave } from './index.ts';
import { startProgram } from './program.ts';

const folder = await scratchFolder();
const at = (name: string): string => join(folder, name);
afterAll(() => rm(folder, { recursive: true }));

it('a command line is a list of words, its inputs plain files of known containers, its values whole', () => {
  const words = ffmpegArguments({
    inputs: [{ file: null, options: ['-f', 'rawvideo'] }, { file: '/a b/c:d.wav' }],
    options: ['-metadata', 'title=two words'],
    target: '/x/out put.mp4',
  });
  expect(words.slice(0, 6).join(' ')).toBe('-thread_queue_size 1 -f rawvideo -i pipe:0');
  expect(words.slice(6, 12).join(' ')).toMatch(
    /^-protocol_whitelist file,pipe,fd -format_whitelist \S+,avi,\S+ -i \/a b\/c:d\.wav$/,
  );
  expect(words.slice(12)).toEqual(['-y', '-v', 'error', '-metadata', 'title=two words', '/x/out put.mp4']);
});

// Scripts stand for ffmpeg and ffprobe: the real ones, which then end in a way of their own.
describe.skipIf(process.platform === 'win32')('how a program ends', () => {
  const SECONDS = 1;
  beforeAll(() => numberedClip(at('clip.mp4'), { seconds: SECONDS, sound: true }));

  /** The tools with another end: `output` and status of the real one are there. */
  function ending(name: string, last: string): MediaTools {
    const script = (program: 'ffmpeg' | 'ffprobe'): string => {
      const path = at(`${name}-${program}`);
      writeFileSync(path, `#!/bin/bash\n"${tools[program]}" "$@"; status=$?\n${last}\n`);
      chmodSync(path, 0o755);
      return path;
    };
    return { ...tools, ffmpeg: script('ffmpeg'), ffprobe: script('ffprobe') };
  }

  async function reads(with_: MediaTools): Promise<{ frames: number; seconds: number }> {
    let frames = 0;
    for await (const _ of readFrames(with_, await probeVideo(with_, at('clip.mp4')))) frames += 1;
    return { frames, seconds: soundSeconds(await readSound(with_, at('clip.mp4'))) };
  }

  it('a tenth of a second after its output, it has been read 20 times of 20', async () => {
    const late = ending('late', 'exec 1>&-; sleep 0.1; exit $status');
    for (let round = 0; round < 20; round++)
      expect(soundSeconds(await readSound(late, at('clip.mp4')))).toBeCloseTo(SECONDS, 1);
  });

  it('two seconds after it, it has been read 20 times of 20', async () => {
    const later = ending('later', 'exec 1>&-; sleep 2; exit $status');
    const rounds = await Promise.all(Array.from({ length: 20 }, () => reads(later)));
    expect(rounds).toEqual(Array(20).fill({ frames: 25 * SECONDS, seconds: expect.closeTo(SECONDS, 1) as number }));
  });

  it('two seconds after its file, the file is whole', async () => {
    const later = ending('later', 'exec 1>&-; sleep 2; exit $status');
    const sink = openVideoSink(later, { path: at('late.mp4'), width: 64, height: 64, fps: 25 });
    for (let frame = 0; frame < 25; frame++) await sink.write(new Uint8Array(64 * 64 * 3).fill(frame));
    await sink.finish();
    expect((await probeVideo(tools, at('late.mp4'))).source.frames).toBe(25);
    expect((await toWave(later, at('clip.mp4'), at('late.wav'), { silence: 'kept' })).seconds).toBeCloseTo(SECONDS, 1);
  });

  it('in failure after all its output, that is an error with what it said', async () => {
    const failing = ending('failing', 'echo "late trouble" >&2; exit 1');
    await expect(readSound(failing, at('clip.mp4'))).rejects.toMatchObject({
      code: 'bad-audio',
      detail: expect.stringContaining('late trouble') as string,
    });
    await expect(probeVideo(failing, at('clip.mp4'))).rejects.toMatchObject({ code: 'bad-video' });
    const video = await probeVideo(tools, at('clip.mp4'));
    await expect(Array.fromAsync(readFrames(failing, video))).rejects.toMatchObject({ code: 'bad-video' });
  });

  it('by being killed, that is no fault of the file', async () => {
    const killed = { code: 'interrupted', detail: expect.stringContaining('SIGKILL') as string };
    const dying = ending('dying', 'kill -KILL $$');
    await expect(readSound(dying, at('clip.mp4'))).rejects.toMatchObject(killed);
    await expect(probeVideo(dying, at('clip.mp4'))).rejects.toMatchObject(killed);
    const video = await probeVideo(tools, at('clip.mp4'));
    await expect(Array.fromAsync(readFrames(dying, video))).rejects.toMatchObject(killed);
    const answering = ending('answering', 'exit 255'); // as ffmpeg does when it is told to end
    await expect(readSound(answering, at('clip.mp4'))).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('by a crash of its own, that says nothing about the file', async () => {
    await expect(readSound(ending('crashing', 'kill -SEGV $$'), at('clip.mp4'))).rejects.toMatchObject({
      code: 'missing-tool',
      detail: expect.stringContaining('SIGSEGV') as string,
    });
  });

  it('for want of a filter, that says nothing about the file either', async () => {
    const lacking = ending('lacking', `echo "No such filter: 'zscale'" >&2; exit 8`);
    const video = await probeVideo(tools, at('clip.mp4'));
    await expect(Array.fromAsync(readFrames(lacking, video))).rejects.toMatchObject({
      code: 'missing-tool',
      message: expect.stringMatching(/lacks a filter/) as string,
    });
  });

  it('or that it never began, is told apart too', async () => {
    const missing = { ...tools, ffmpeg: at('no-such-program'), ffprobe: at('no-such-program') };
    await expect(readSound(missing, at('clip.mp4'))).rejects.toMatchObject({ code: 'missing-tool' });
    await expect(probeVideo(missing, at('clip.mp4'))).rejects.toMatchObject({ code: 'missing-tool' });
    const sink = openVideoSink(missing, { path: at('never.mp4'), width: 64, height: 64, fps: 25 });
    await expect(async () => {
      await sink.write(new Uint8Array(64 * 64 * 3));
      await sink.finish();
    }).rejects.toMatchObject({ code: 'missing-tool' });
  });

  it('when its reader stops, at once, and what it started ends with it', async () => {
    await ffmpeg('-f', 'lavfi', '-i', 'sine=duration=600', at('long.wav'));
    const stop = new AbortController();
    const tracked = ending('tracked', 'exit $status');
    writeFileSync(tracked.ffmpeg, `#!/bin/bash\n"${tools.ffmpeg}" "$@" & echo $! > ${at('pid')}; wait\n`);
    const sound = readSound(tracked, at('long.wav'), { signal: stop.signal });
    while (!existsSync(at('pid')) || readFileSync(at('pid'), 'utf8') === '') await sleep(10);
    stop.abort();
    await expect(sound).rejects.toMatchObject({ code: 'cancelled' });
    const pid = Number(readFileSync(at('pid'), 'utf8'));
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it('what it complains of is kept to its last words', async () => {
    const talker = at('talker');
    writeFileSync(talker, '#!/bin/bash\nhead -c 3000000 /dev/zero | tr "\\0" "x" >&2; echo "the end" >&2\n');
    chmodSync(talker, 0o755);
    const { log } = await startProgram(talker, []).ended;
    expect(log.length).toBeLessThan(20_000);
    expect(log).toMatch(/the end\n$/);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
