import type { Product } from './cause-kind.ts';
import * as sign from './signs.ts';

/** The controller of the Kubernetes project; its buffering is off and its timeouts are nginx's. */
export const ingressNginx: Product = {
  id: 'ingress-nginx',
  name: 'ingress-nginx',
  looksLike: ['nginx'],
  commonness: 4,
  causes: [
    {
      id: 'ingress-nginx.proxy-read-timeout',
      faults: ['idle.cut', 'idle.cut-before-headers'],
      what: 'the annotation proxy-read-timeout ends silence: after 60 s, unless it is set',
      signs: [sign.silenceCutAfter(60, 3, 0.1), sign.statusForNoHead(504, 2)],
      fixes: [
        {
          where: 'annotations of the Ingress',
          line: 'nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"',
          basis: 'documented',
          source:
            'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-timeouts',
        },
      ],
    },
    {
      id: 'ingress-nginx.proxy-request-buffering',
      faults: ['buffer.request-body'],
      what: 'request bodies are buffered unless an annotation turns it off',
      fixes: [
        {
          where: 'annotations of the Ingress',
          line: 'nginx.ingress.kubernetes.io/proxy-request-buffering: "off"',
          basis: 'documented',
          source:
            'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#custom-timeouts',
        },
      ],
    },
    {
      id: 'ingress-nginx.worker-shutdown-timeout',
      faults: ['lifetime.cut'],
      what: 'workers are ended 240 s after each reload of the configuration',
      weight: 0.5,
      signs: [sign.cutTogether(10)],
      fixes: [
        {
          where: 'ConfigMap of ingress-nginx',
          line: 'worker-shutdown-timeout: "3600s"',
          basis: 'documented',
          source:
            'https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/#worker-shutdown-timeout',
          caution: 'old workers stay for as long as their streams: memory for each reload',
        },
      ],
    },
  ],
};
