import { ORPCError } from '@orpc/client';
import { Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { StudioErrorShape } from '../../shared/contract/errors.ts';

/** What a person is told: the studio's own words where it sent them, a plain sentence otherwise. */
export function explain(error: unknown): StudioErrorShape {
  if (error instanceof ORPCError) {
    const shape = StudioErrorShape.safeParse(error.data);
    if (shape.success) return shape.data;
    if (error.code === 'BAD_REQUEST')
      return {
        code: 'bad-request',
        message: 'Something in this form does not fit.',
        hint: 'Check what you entered and try again.',
        detail: error.message,
      };
  }
  const parsed = StudioErrorShape.safeParse(error);
  if (parsed.success) return parsed.data;
  return {
    code: 'internal',
    message: 'That did not work.',
    hint: 'Try again; reload the window if it keeps happening.',
    detail: error instanceof Error ? error.message : String(error),
  };
}

export function tell(error: unknown): void {
  const { message, hint, detail } = explain(error);
  notifications.show({
    color: 'red',
    title: message,
    message: (
      <Stack gap={4}>
        <Text size="sm">{hint}</Text>
        <Detail text={detail} />
      </Stack>
    ),
    autoClose: detail === undefined ? 12_000 : 20_000, // time to read it; under a pointer it stays
    closeButtonProps: { 'aria-label': 'Close' },
    role: 'alert',
  });
}

/** The technical side of an error, out of the way until asked for. */
export function Detail({ text }: { readonly text: string | undefined }) {
  if (text === undefined || text === '') return null;
  return (
    <details className="detail">
      <summary>Technical detail</summary>
      <pre>{text}</pre>
    </details>
  );
}
