import type { StudioErrorShape } from '../../../../shared/contract/errors.ts';

/** How people are told of a device. */
export interface DeviceWords {
  readonly device: 'microphone' | 'camera';
  readonly does: 'record' | 'see';
  /** What else they can do. */
  readonly instead: string;
}

/** Why a page may use no devices at all. */
export function noDevices({ does, instead }: DeviceWords): StudioErrorShape {
  return problem(
    'not-found',
    `This browser cannot ${does} here.`,
    `Open Likeness on the computer itself, or ${instead}.`,
  );
}

/** Why a device did not open, or that it is `gone`. */
export function deviceProblem(refusal: unknown, { device, instead }: DeviceWords): StudioErrorShape {
  if (refusal === 'gone')
    return problem(
      'not-found',
      `The ${device} went away.`,
      'Connect it, or choose another one, and start again. What was recorded is kept.',
    );
  const error = refusal instanceof Error ? refusal : undefined;
  switch (error?.name) {
    case 'NotFoundError':
      return problem('not-found', `There is no ${device}.`, `Connect one, or ${instead}.`, error);
    case 'OverconstrainedError':
      return problem('not-found', `This ${device} is not there any more.`, 'Choose another one.', error);
    case 'NotAllowedError':
      return problem(
        'bad-request',
        `Likeness may not use the ${device}.`,
        'Allow it beside the address, or in the settings of your system, and try again.',
        error,
      );
    case 'NotReadableError':
      return problem(
        'busy',
        `The ${device} does not answer.`,
        'Another program may be using it: close that, and try again.',
        error,
      );
    default:
      return problem('internal', `The ${device} could not be opened.`, `Connect another one, or ${instead}.`, error);
  }
}

function problem(code: StudioErrorShape['code'], message: string, hint: string, cause?: Error): StudioErrorShape {
  return { code, message, hint, ...(cause === undefined ? {} : { detail: String(cause) }) };
}
