import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { probeVideo } from './probe.ts';
import { toolEnvironment } from './tool-environment.ts';
import { locateMediaTools, unpacked } from './tools.ts';

test.each([
  [
    '/opt/Likeness/resources/app.asar/node_modules/x/ffprobe',
    '/opt/Likeness/resources/app.asar.unpacked/node_modules/x/ffprobe',
  ],
  [
    'C:\\Likeness\\resources\\app.asar\\node_modules\\x\\ffprobe.exe',
    'C:\\Likeness\\resources\\app.asar.unpacked\\node_modules\\x\\ffprobe.exe',
  ],
  ['/opt/app.asar.unpacked/node_modules/x/ffprobe', '/opt/app.asar.unpacked/node_modules/x/ffprobe'],
  ['/home/me/likeness/node_modules/x/ffprobe', '/home/me/likeness/node_modules/x/ffprobe'],
  ['/home/me/my.asarfolder/ffprobe', '/home/me/my.asarfolder/ffprobe'],
])('the program %s is run at %s', (path, runs) => expect(unpacked(path)).toBe(runs));

// A script stands for each ffmpeg: which one is taken is the question, not what it does.
describe.skipIf(process.platform === 'win32')('which ffmpeg is taken', () => {
  const folder = mkdtempSync(join(tmpdir(), 'likeness-tools-'));
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });
  /** `cannot`: a word of the commands that it fails with. */
  const program = (path: string, version: string, cannot = 'nothing'): string => {
    mkdirSync(join(path, '..'), { recursive: true });
    const fails = `case "$*" in *${cannot}*) exit 1;; esac`;
    writeFileSync(path, `#!/bin/sh\n${fails}\necho "ffmpeg version ${version} Copyright"\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const environment = (name: string, version: string): string => {
    program(
      join(folder, name, 'lib', 'python3.12', 'site-packages', 'imageio_ffmpeg', 'binaries', 'ffmpeg-any-v7'),
      version,
    );
    return join(folder, name);
  };

  it("the trainer's, else the one that came along, and the system's only where there is neither", async () => {
    const [trainer, along, nothing] = [
      environment('trainer', '7.1'),
      environment('tools', '7.0'),
      join(folder, 'nothing'),
    ];
    vi.stubEnv('LIKENESS_FFMPEG', '');
    vi.stubEnv('LIKENESS_FFPROBE', program(join(folder, 'ffprobe'), '7'));
    vi.stubEnv('PATH', join(folder, 'bin'));
    expect((await locateMediaTools(trainer, along)).version).toBe('7.1');
    expect((await locateMediaTools(nothing, along)).version).toBe('7.0');
    await expect(locateMediaTools(nothing)).rejects.toMatchObject({
      code: 'missing-tool',
      message: 'ffmpeg was not found.',
    });
    program(join(folder, 'bin', 'ffmpeg'), '9.0', '-fps_mode'); // its version says nothing
    await expect(locateMediaTools(nothing)).rejects.toMatchObject({
      code: 'missing-tool',
      message: 'The ffmpeg of this computer (9.0) cannot keep every frame as it is (-fps_mode).',
    });
    program(join(folder, 'bin', 'ffmpeg'), 'n4.4', '-thread_queue_size');
    expect(await locateMediaTools(nothing)).toMatchObject({
      version: '4.4',
      origin: 'system',
      abilities: { shortQueue: [] },
    });
    expect(await locateMediaTools(trainer, along)).toMatchObject({ version: '7.1', origin: 'brought' });
    expect((await locateMediaTools(nothing, along)).version).toBe('7.0');
  });

  it('the one that is named and no other, and the ffprobe beside it', async () => {
    const [trainer, bin] = [environment('trainer', '7.1'), join(folder, 'own')];
    vi.stubEnv('LIKENESS_FFMPEG', program(join(bin, 'ffmpeg-8'), '8.0'));
    vi.stubEnv('LIKENESS_FFPROBE', '');
    const beside = program(join(bin, 'ffprobe-8'), '8.0');
    expect(await locateMediaTools(trainer)).toMatchObject({ version: '8.0', origin: 'named', ffprobe: beside });
    vi.stubEnv('LIKENESS_FFPROBE', program(join(folder, 'another'), '7'));
    expect((await locateMediaTools(trainer)).ffprobe).toBe(join(folder, 'another'));
    program(join(bin, 'ffmpeg-8'), '8.0', 'veryfast');
    await expect(locateMediaTools(trainer)).rejects.toMatchObject({
      message: 'The ffmpeg that LIKENESS_FFMPEG names (8.0) cannot write H.264 (libx264).',
    });
    vi.stubEnv('LIKENESS_FFMPEG', join(folder, 'gone'));
    await expect(locateMediaTools(trainer)).rejects.toMatchObject({
      message: 'The ffmpeg that LIKENESS_FFMPEG names was not found.',
    });
  });
});

// A program that crashes over a file says nothing about the file.
describe.skipIf(process.platform === 'win32')('a tool that crashes', () => {
  it('is not taken for a file that is no video', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'likeness-crash-'));
    const crash = join(folder, 'ffprobe');
    writeFileSync(crash, '#!/bin/sh\nkill -SEGV $$\n', { mode: 0o755 });
    writeFileSync(join(folder, 'film.ts'), 'film');
    const tools = { ...(await locateMediaTools(resolve('trainer/.venv'))), ffprobe: crash };
    await expect(probeVideo(tools, join(folder, 'film.ts'))).rejects.toMatchObject({
      code: 'missing-tool',
      message: 'ffprobe crashed over this file.',
    });
    rmSync(folder, { recursive: true });
  });

  it('does not crash over the service name of a television stream, nor write reports', () => {
    const environment = toolEnvironment({ PATH: '/bin', FFREPORT: 'file=x', GCONV_PATH: '/usr/lib/gconv' });
    expect(environment).toEqual({ PATH: '/bin', GCONV_PATH: '/nowhere', AV_LOG_FORCE_NOCOLOR: '1' });
  });
});
