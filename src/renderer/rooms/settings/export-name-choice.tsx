import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Settings } from '../../../shared/contract/system.ts';
import { exportName, ExportNameRule, NAME_TOKENS, USUAL_EXPORT_NAME } from '../../../shared/domain/export-name.ts';

const TOKENS = NAME_TOKENS.map((token) => `{${token}}`).join(' ');

/** The rule that names exports, with what it makes of a film. */
export function ExportNameChoice({
  settings: { exportName: rule },
  change,
}: {
  readonly settings: Settings;
  readonly change: (change: Partial<Settings>) => void;
}) {
  const [text, setText] = useState(rule);
  const [seen, setSeen] = useState(rule);
  if (seen !== rule) {
    // changed in another window, or taken as it is
    setSeen(rule);
    setText(rule);
  }
  const read = ExportNameRule.safeParse(text);
  const keep = () => read.success && read.data !== rule && change({ exportName: read.data });
  return (
    <Group align="flex-end" gap="sm" wrap="nowrap">
      <TextInput
        flex={1}
        label="Names of exports"
        description={`${TOKENS}. ${exampleOf(read.success ? read.data : rule)}`}
        error={read.success ? undefined : read.error.issues[0]?.message}
        value={text}
        maxLength={120}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={keep}
        onKeyDown={(event) => event.key === 'Enter' && keep()}
      />
      {rule !== USUAL_EXPORT_NAME && (
        <Button variant="default" onClick={() => change({ exportName: USUAL_EXPORT_NAME })}>
          As usual
        </Button>
      )}
    </Group>
  );
}

function exampleOf(rule: string): string {
  const film = { project: { name: 'Ada', source: { height: 720 } }, take: 'Take 1', height: 'source' } as const;
  return `So: ${exportName(rule, { ...film, mode: 'dub', at: new Date() })}.mp4. One that is there already is kept.`;
}
