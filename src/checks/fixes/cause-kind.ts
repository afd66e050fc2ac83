import type { FaultId } from '../faults/fault.ts';

/** A product, a service or a library that may stand between client and origin. */
export interface Product {
  /** The first part of the ids of its causes. */
  readonly id: string;
  readonly name: string;
  /** Where in its configuration fixes go that name no place: `inside the location { } that has proxy_pass`. */
  readonly place?: string;
  /** The command that makes it read its configuration again. */
  readonly reload?: string;
  /** The command that ends it and starts it, for what it reads at its start alone. */
  readonly restart?: string;
  /** A second such line in one place is nothing to be careful about. */
  readonly addsUp?: true;
  /** What becomes of it where it is: absent where that was not tried. */
  readonly twice?: Twice;
  /** Others that it is taken for, as it is made of them. */
  readonly looksLike?: readonly string[];
  /**
   * How often streams go through one that has its usual settings, against the others: what an unknown proxy is taken for
   * while nothing else speaks for or against. 1 is rare, 10 is everywhere.
   */
  readonly commonness: number;
  readonly causes: readonly CauseKind[];
}

/** Of two such lines in one place the product takes none, the first, the last, or both. */
type Twice = 'refused' | 'first' | 'last' | 'both';

/** A setting or a defect that makes a fault. */
export interface CauseKind {
  /** `nginx.proxy_buffering` */
  readonly id: string;
  readonly faults: readonly FaultId[];
  /** What is so and does it, a sentence without a full stop. */
  readonly what: string;
  /** How likely it is beside the other causes in the same product, where the product is as it comes. Default 1. */
  readonly weight?: number;
  readonly signs?: readonly Sign[];
  readonly fixes: readonly FixKind[];
  /** Lines for the origin that were measured not to help where this is the cause. */
  readonly inVainAtOrigin?: readonly string[];
}

/**
 * What was seen and speaks for a cause, or against it. `times`: so many times as likely where it is so; `otherwise`: where it
 * was looked for and is not so (default: 1, says nothing). 0 rules the cause out.
 */
export type Sign = Seen & {
  readonly times: number;
  readonly otherwise?: number;
  /** Which of the cause's faults it speaks of; default: all of them. */
  readonly of?: FaultId | readonly FaultId[];
  /** It speaks only where all of this is so as well. */
  readonly given?: readonly Seen[];
  /** Whoever else does the like shows it as well: it tells of the fault how it is made, and not by whom. */
  readonly anybodys?: true;
};

/**
 * A figure of a probe's (its evidence, else what it measured through the proxy; the first name that has one), a fault, or a
 * probe that found nothing.
 */
export type Seen =
  | { readonly fault: FaultId }
  | { readonly passed: string }
  | { readonly probe?: string; readonly figure: string | readonly string[]; readonly is: Expected };

/** A value, one of several, or a range with both ends in it. */
export type Expected =
  | number
  | string
  | boolean
  | readonly (number | string | boolean)[]
  | { readonly from?: number; readonly to?: number };

export type FixKind = FixText & Basis;

interface FixText {
  /** Which of the cause's faults it mends; default: all of them. */
  readonly faults?: readonly FaultId[];
  /** The first version that it holds for, and the first that it doesn't hold for any more: `1.29.7`. */
  readonly from?: string;
  readonly below?: string;
  /** Where to write it, where that is not the product's configuration. */
  readonly where?: string;
  readonly line: string;
  /** What has to be there, or it is refused or has no effect: `mod_env (Debian: a2enmod env)`. */
  readonly needs?: string;
  /** What it may break, or does not do. */
  readonly caution?: string;
  /** It is read at the start alone: a reload does not do. */
  readonly restart?: true;
  /** Another such line in that place counts beside it. */
  readonly addsUp?: true;
  /** What becomes of a second one, where that is not as with most of the product. */
  readonly twice?: Twice;
}

/** How it is known: seen to help with the product itself, or told by whoever makes it. */
type Basis =
  | { readonly basis: 'measured'; readonly source?: SourceAddress }
  | { readonly basis: 'documented'; readonly source: SourceAddress };

/** Where it stands: documentation, source or an issue. */
type SourceAddress = `https://${string}`;

/** Something that the origin can do, whoever is in between. */
export type OriginFix = FixKind & {
  readonly faults: readonly FaultId[];
  /** How likely it is to help where nothing was seen that tells, 0 to 1. */
  readonly helps: number;
  /** The fault stays: it makes do with it. */
  readonly eases?: true;
  /** It helps against these alone. Where others are known to be there, and none of these, only a run that tried it tells of it. */
  readonly heededBy?: readonly string[];
  /** `times` multiplies the odds that it helps; 0: this run has shown that it does not. */
  readonly signs?: readonly Sign[];
};
