import { resolve } from 'node:path';
import type { Command } from 'commander';
import { MotionResult } from '../../shared/contract/index.ts';
import { writeMotion } from '../studio/motion-file.ts';
import type { Run } from './session.ts';
import { answer } from './terminal.ts';

export function addMotion(program: Command, run: Run): void {
  program
    .command('motion')
    .description('Writes the motion that a recording drives: expression, pose and landmarks of every frame.')
    .argument('<project>', 'an id or a unique name')
    .requiredOption('--audio <file>', 'any file with speech')
    .requiredOption('--out <file>', 'a .safetensors file')
    .action((project: string, { audio, out }: { audio: string; out: string }) =>
      run(async ({ studio, terminal, signal }) => {
        const request = { tools: await studio.tools(), avatarPath: studio.avatarPath(project), audioPath: resolve(audio), outPath: resolve(out) };
        const result = await writeMotion(request, signal);
        answer(terminal, MotionResult, result, [`${result.frames} frames at ${result.fps.toFixed(2)} fps, ${result.xRealtime.toFixed(1)} times real time: ${result.path}`]);
      }),
    );
}
