/** What either recording has at the same place, in words. A side where there is nothing is left out. */
export interface Sides {
  a?: string;
  b?: string;
}

export function sides(a: string | undefined, b: string | undefined): Sides {
  return { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
}
