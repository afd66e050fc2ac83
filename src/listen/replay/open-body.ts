import { BodyReader } from '../../client/body-reader.ts';
import { SseKitError } from '../../client/errors.ts';

type Making = ConstructorParameters<typeof BodyReader>;

/** What decodes recorded bytes as the run did; nothing where their coding is not known here, which its owner is told. */
export function openBody(...making: Making): BodyReader | undefined {
  try {
    return new BodyReader(...making);
  } catch (error) {
    if (!(error instanceof SseKitError)) throw error;
    making[4].failed(error);
    return undefined;
  }
}
