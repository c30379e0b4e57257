import { Code, Stack, Text } from '@mantine/core';
import { TrainerCard } from '../set-up/trainer-card.tsx';
import { useTrainer } from '../set-up/use-trainer.ts';

/** Where the trainer's packages are, and the offer to fetch them where they are not. */
export function TrainerFolder() {
  const { state } = useTrainer();
  if (!state) return null;
  return (
    <Stack gap={6}>
      <Text fw={600} size="sm">
        Trainer
      </Text>
      {state.kind === 'ready' && <Code className="folder">{state.folder}</Code>}
      <TrainerCard need="Checking and training" />
    </Stack>
  );
}
