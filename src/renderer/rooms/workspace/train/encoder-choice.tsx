import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { SpeechEncoder } from '../../../../shared/contract/trainer.ts';
import { useStudio } from '../../../ground/connection.tsx';

interface EncoderChoiceProps {
  readonly value: SpeechEncoder;
  readonly onChange: (value: SpeechEncoder) => void;
}

/** Whether HuBERT is to hear the speech too; that is a choice where its weights are. */
export function EncoderChoice({ value, onChange }: EncoderChoiceProps) {
  const { queries } = useStudio();
  const there = useQuery(queries.presets.encoders.queryOptions({ staleTime: 0 })).data?.includes('hubert') ?? false;
  return (
    <Checkbox
      label="Hear the speech with HuBERT too"
      description={
        there
          ? 'Takes longer to train and to export. Live sound is heard as ever.'
          : 'Not here: add the file of HuBERT in the settings under Models.'
      }
      disabled={!there}
      checked={there && value === 'hubert'}
      onChange={({ currentTarget }) => onChange(currentTarget.checked ? 'hubert' : 'embedded')}
    />
  );
}
