import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Makes files in a folder with ffmpeg, and says where they are. */
export function mediaMaker(folder: string, ffmpeg: string): (name: string, ...args: string[]) => string {
  return (name, ...args) => {
    const path = join(folder, name);
    execFileSync(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, path]);
    return path;
  };
}
