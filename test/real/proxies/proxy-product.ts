/** Where one run of a proxy has its place. */
export interface ProxyPlace {
  /** A folder of its own, for whatever it writes. */
  folder: string;
  /** Its configuration, a file in there. */
  configPath: string;
  /** Where it listens, and where the origin does, both on 127.0.0.1. */
  port: number;
  originPort: number;
}

/**
 * How the events of a slow stream come through: each as it was sent, each behind a timer that starts with it, or all of
 * them at the end.
 */
export type Delivery = 'at once' | 'behind a timer' | 'at the end';

/** One way to set a proxy up. */
export interface ProxyConfig {
  /** The text of its configuration. */
  text(place: ProxyPlace): string;
  /** What this does to small, plain events. */
  delivers: Delivery;
  /** What check-proxy is told to speak to it; HTTP/1.1 unless told. */
  http?: '2-prior-knowledge';
  /** It ends TLS, with the certificate and the key that lie in `tls.pem` in its folder. */
  isTls?: true;
}

/** A proxy as Debian 12 packages it, or npm. */
export interface ProxyProduct {
  readonly name: string;
  readonly program: string;
  /** The program's arguments, so that it stays in the foreground and logs to its standard error. */
  args(place: ProxyPlace): readonly string[];
  /** Files outside of its folder that are left when it is killed. */
  leaves?(place: ProxyPlace): readonly string[];
  /** By a name that says what is done; `default` is what a newcomer writes. */
  readonly configs: Readonly<Record<string, ProxyConfig>>;
}
