import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
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
  const program = (path: string, version: string): string => {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `#!/bin/sh\necho "ffmpeg version ${version} Copyright"\n`);
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
    program(join(folder, 'bin', 'ffmpeg'), '4.4.2'); // too old for exact frames
    await expect(locateMediaTools(nothing)).rejects.toMatchObject({ code: 'missing-tool' });
    program(join(folder, 'bin', 'ffmpeg'), 'n6.0');
    expect((await locateMediaTools(nothing)).version).toBe('6.0');
    expect((await locateMediaTools(trainer, along)).version).toBe('7.1');
    expect((await locateMediaTools(nothing, along)).version).toBe('7.0');
    vi.stubEnv('LIKENESS_FFMPEG', program(join(folder, 'named'), '8.0'));
    expect((await locateMediaTools(trainer, along)).version).toBe('8.0');
  });
});
