import { Radio, Stack, Text, Textarea } from '@mantine/core';
import type { ConsentGiven } from '../../../shared/contract/studio.ts';
import { CONSENT_MEANINGS } from '../../../shared/domain/consent.ts';

/** A consent that is being given: who is seen is not said yet at first. */
export type ConsentDraft = Omit<ConsentGiven, 'basis'> & { readonly basis: ConsentGiven['basis'] | '' };
export const NO_CONSENT: ConsentDraft = { basis: '', note: '' };

/** The consent, once it is said who is seen. */
export const givenBy = ({ basis, note }: ConsentDraft): ConsentGiven | undefined =>
  basis === '' ? undefined : { basis, note };

/** On what basis the person in a video may be used; `children` say for what. */
export function ConsentChoice({
  label,
  kept,
  value,
  children,
  onChange,
}: {
  readonly label: string;
  /** Where the note stays. */
  readonly kept: string;
  readonly value: ConsentDraft;
  readonly children: string;
  readonly onChange: (value: ConsentDraft) => void;
}) {
  return (
    <>
      <Radio.Group
        label={label}
        value={value.basis}
        onChange={(basis) => onChange({ ...value, basis: basis as ConsentGiven['basis'] })}
        required
      >
        <Stack gap={4} mt={4}>
          <Radio value="self" label="is me" description={CONSENT_MEANINGS.self} />
          <Radio value="permission" label="gave me permission" description={CONSENT_MEANINGS.permission} />
          <Radio value="synthetic" label="is not a real person" description={CONSENT_MEANINGS.synthetic} />
        </Stack>
      </Radio.Group>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
      <Textarea
        label="Note (optional)"
        description={`For instance when and how permission was given. ${kept}`}
        value={value.note}
        maxLength={2000}
        onChange={(event) => onChange({ ...value, note: event.currentTarget.value })}
      />
    </>
  );
}
