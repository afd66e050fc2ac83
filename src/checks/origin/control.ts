/**
 * How somebody on another machine asks an origin what it has seen. All of it is GET below `/.ssekit/`, with the token as
 * `Authorization: Bearer`; every answer says by `PROTOCOL_HEADER` who answers, and each to a right token has the origin's
 * clock in `CLOCK_HEADER`. Bodies are JSON.
 */
export const CONTROL_PREFIX = '/.ssekit/';

/** Nothing but the clock. */
export const CLOCK_PATH = `${CONTROL_PREFIX}clock`;
/** `?key=KEY`: `Visit[]`. */
export const VISITS_PATH = `${CONTROL_PREFIX}visits`;
/** `Stray[]`. */
export const STRAYS_PATH = `${CONTROL_PREFIX}strays`;

/** Changes with anything that an older side would misunderstand: the paths, their answers, the scripts, what origins do with them. */
export const CONTROL_PROTOCOL = 2;

/** `2; ssekit 0.1.0` */
export const PROTOCOL_HEADER = 'X-Ssekit-Probe';
/** The origin's clock when it had the request: milliseconds. */
export const CLOCK_HEADER = 'X-Ssekit-Clock';

/** What the other side speaks. */
export interface Speaker {
  protocol: number;
  version: string;
}

export function speakerText(version: string): string {
  return `${CONTROL_PROTOCOL}; ssekit ${version}`;
}

/** @returns nothing for what no origin of ours says */
export function parseSpeaker(text: string | undefined): Speaker | undefined {
  const [, protocol, version] = /^(\d{1,6}); ssekit ([\w.+-]{1,40})$/.exec(text ?? '') ?? [];
  return protocol === undefined || version === undefined
    ? undefined
    : { protocol: Number(protocol), version };
}
