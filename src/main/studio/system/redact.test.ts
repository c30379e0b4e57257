import { expect, test } from 'vitest';
import { redact } from './redact.ts';

const secrets = {
  folders: ['/home/ada lovelace/Likeness', '/home/ada lovelace', 'C:\\Users\\Ada'],
  names: [
    ['ada lovelace', '<user>'],
    ['Spring talk (final)', '<project 1>'],
    ['Al', '<user>'],
  ],
} as const;

test('a path keeps its last part, and a file somebody chose only its ending', () => {
  expect(redact('File "/opt/likeness/trainer/likeness_trainer/training/run.py", line 3', secrets)).toBe(
    'File "run.py", line 3',
  );
  expect(redact('/srv/films/Grace.mp4: Invalid data', secrets)).toBe('<file>.mp4: Invalid data');
  expect(redact("open '/srv/My Films/Grace Hopper.MOV'", secrets)).toBe("open '<file>.mov'");
  expect(redact('reading /home/ada lovelace/Likeness/projects/1/source.mp4 now', secrets)).toBe(
    'reading source.mp4 now',
  );
  expect(redact('/srv/My Films/Grace Hopper.mov: Invalid data', secrets)).toBe('<file>.mov: Invalid data');
  expect(redact('/bin/ffmpeg -i /srv/My Films/Grace.mov -y /srv/projects/1/source.mp4', secrets)).toBe(
    'ffmpeg -i <file>.mov -y source.mp4',
  );
  expect(redact('D:\\Films\\Grace.wav is silent', secrets)).toBe('<file>.wav is silent');
});

test('names of people and projects are gone, whatever their case, and words that contain them stay', () => {
  expect(redact('ADA LOVELACE imported spring talk (final)', secrets)).toBe('<user> imported <project 1>');
  expect(redact('Also: Al, calibration', secrets)).toBe('Also: <user>, calibration');
});

test('rates, shares and dates are no paths', () => {
  expect(redact('done 12/40 at 30000/1001, loss 1.5e-3', secrets)).toBe('done 12/40 at 30000/1001, loss 1.5e-3');
});

test('a name may hold any sign that means something in a pattern', () => {
  const name = 'ten-bit [a-z] (1).*+?^${x}|\\/ ä';
  expect(redact(`"${name}" is ready`, { folders: [], names: [[name, '<project 1>']] })).toBe('"<project 1>" is ready');
  for (const sign of '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~')
    expect(redact(`x${sign}y`, { folders: [], names: [[`x${sign}y`, '<project 1>']] })).toBe('<project 1>');
});
