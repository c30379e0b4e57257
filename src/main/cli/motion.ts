import type { Command } from 'commander';
import { MotionResult } from '../../shared/contract/index.ts';
import type { InSession } from './session.ts';
import { speechOf, type WrittenSpeech } from '../../shared/domain/written/index.ts';
import { addSpeechOptions } from './speech-options.ts';
import { answer } from './terminal.ts';

export function addMotion(program: Command, inSession: InSession): void {
  const command = program
    .command('motion')
    .description('Writes the motion that a recording drives: expression, pose and landmarks of every frame.')
    .argument('<project>', 'an id or a unique name')
    .requiredOption('--audio <file>', 'any file with speech')
    .requiredOption('--out <file>', 'a .safetensors file');
  addSpeechOptions(command).action(
    (project: string, { audio, out, ...speech }: { audio: string; out: string } & WrittenSpeech) =>
      inSession(async ({ studio, terminal, signal }) => {
        const request = { audioPath: audio, outPath: out, speech: speechOf(speech) };
        const result = await studio.avatars.writeMotion(project, request, signal);
        answer(terminal, MotionResult, result, [
          `${result.frames} frames at ${result.fps.toFixed(2)} fps, ` +
            `${result.xRealtime.toFixed(1)} times real time: ${result.path}`,
          ...(result.heardWith.notice === null ? [] : [result.heardWith.notice]),
        ]);
      }),
  );
}
