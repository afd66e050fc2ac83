import type { Product } from './cause-kind.ts';
import { HEAD_AT_ONCE, HEARTBEAT } from './origin-lines.ts';
import * as sign from './signs.ts';

/** Balancers, gateways and routers of those who host others' origins. All of it is from their documentation. */
export const CLOUD: readonly Product[] = [
  {
    id: 'aws-alb',
    name: 'AWS Application Load Balancer',
    commonness: 5,
    causes: [
      {
        id: 'aws-alb.idle-timeout',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'the idle timeout is 60 s unless it is set',
        signs: [sign.silenceCutAfter(60, 3), sign.statusForNoHead(504, 2)],
        fixes: [
          {
            where: 'AWS command line',
            line: 'aws elbv2 modify-load-balancer-attributes --load-balancer-arn ARN --attributes Key=idle_timeout.timeout_seconds,Value=3600',
            basis: 'documented',
            source:
              'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html',
          },
        ],
      },
    ],
  },
  {
    id: 'aws-api-gateway',
    name: 'Amazon API Gateway',
    commonness: 3,
    causes: [
      {
        id: 'aws-api-gateway.transfer-mode',
        faults: ['buffer.until-end', 'buffer.headers'],
        what: 'answers are buffered unless responseTransferMode is STREAM',
        signs: [sign.xabCures(0), sign.lengthGiven(5), sign.burstsOf(4096, 0)],
        fixes: [
          {
            where: 'x-amazon-apigateway-integration of the OpenAPI file',
            line: 'responseTransferMode: "STREAM"\ntimeoutInMillis: 900000',
            basis: 'documented',
            source:
              'https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html',
            needs: 'a REST API with a proxy integration',
            caution: 'endpoint caching and content encoding do not go with it',
          },
        ],
      },
      {
        id: 'aws-api-gateway.limits',
        faults: ['lifetime.cut', 'idle.cut'],
        what: 'a stream lives for 15 minutes at most, and 5 minutes of silence (30 s at edge-optimized endpoints)',
        weight: 0.6,
        signs: [
          { ...sign.cutAtAge(900, 10), of: 'lifetime.cut' },
          { ...sign.silenceCutAfter(300, 3, 0.7), of: 'idle.cut' },
          { ...sign.silenceCutAfter(30, 3, 0.7), of: 'idle.cut' },
        ],
        fixes: [
          {
            faults: ['idle.cut'],
            where: 'origin',
            line: HEARTBEAT,
            basis: 'documented',
            source:
              'https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html',
          },
          {
            faults: ['lifetime.cut'],
            where: 'origin',
            line: 'end each stream by itself after 10 minutes, with ids and Last-Event-ID to go on from',
            basis: 'documented',
            source:
              'https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html',
          },
        ],
      },
    ],
  },
  {
    id: 'google-lb',
    name: 'Google Cloud Load Balancing',
    commonness: 3,
    causes: [
      {
        id: 'google-lb.timeout-sec',
        faults: ['lifetime.cut', 'idle.cut', 'idle.cut-before-headers'],
        what: 'timeoutSec of the backend service is 30 s for the whole answer unless it is set',
        signs: [sign.cutAtAge(30, 10), sign.silenceCutAfter(30, 4)],
        fixes: [
          {
            where: 'spec of the BackendConfig (GKE), or the backend service',
            line: 'timeoutSec: 3600',
            basis: 'documented',
            source: 'https://docs.cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration',
            caution: 'it is for the whole answer: after it a stream ends, busy or not',
          },
        ],
      },
    ],
  },
  {
    id: 'google-cloud-run',
    name: 'Google Cloud Run',
    commonness: 3,
    causes: [
      {
        id: 'google-cloud-run.timeout',
        faults: ['lifetime.cut'],
        what: 'a request may take 300 s unless more is asked for',
        signs: [sign.cutAtAge(300, 10)],
        fixes: [
          {
            where: 'gcloud',
            line: 'gcloud run services update SERVICE --timeout=3600',
            basis: 'documented',
            source: 'https://docs.cloud.google.com/run/docs/configuring/request-timeout',
            caution: '60 minutes is the most',
          },
        ],
      },
    ],
  },
  {
    id: 'azure-app-gateway',
    name: 'Azure Application Gateway',
    commonness: 3,
    causes: [
      {
        id: 'azure-app-gateway.response-buffering',
        faults: ['buffer.until-end', 'buffer.threshold', 'buffer.headers'],
        what: 'response buffering of a v2 gateway is on unless it is turned off',
        signs: [
          sign.xabCures(0),
          sign.burstsOf(4096, 0.3),
          { ...sign.passed('threshold', 0.1), of: 'buffer.threshold' },
        ],
        fixes: [
          {
            where: 'Azure command line',
            line: 'az network application-gateway update -g GROUP -n NAME --set globalConfiguration.enableResponseBuffering=false',
            basis: 'documented',
            source: 'https://learn.microsoft.com/en-us/azure/application-gateway/proxy-buffers',
            caution: 'it is for the whole gateway, with all of its listeners',
          },
        ],
      },
      {
        id: 'azure-app-gateway.request-buffering',
        faults: ['buffer.request-body'],
        what: 'request buffering of a v2 gateway is on unless it is turned off',
        fixes: [
          {
            where: 'Azure command line',
            line: 'az network application-gateway update -g GROUP -n NAME --set globalConfiguration.enableRequestBuffering=false',
            basis: 'documented',
            source: 'https://learn.microsoft.com/en-us/azure/application-gateway/proxy-buffers',
            caution: 'with the WAF requests are buffered all the same',
          },
        ],
      },
      {
        id: 'azure-app-gateway.request-timeout',
        faults: ['idle.cut-before-headers', 'idle.cut'],
        what: 'the request timeout of the backend setting ends what stays silent',
        weight: 0.6,
        signs: [sign.silenceCutBetween(20, 30, 4), sign.statusForNoHead(504, 2)],
        fixes: [
          {
            where: 'Azure command line',
            line: 'az network application-gateway http-settings update -g GROUP --gateway-name NAME -n SETTING --timeout 3600',
            basis: 'documented',
            source: 'https://learn.microsoft.com/en-us/azure/application-gateway/use-server-sent-events',
          },
        ],
      },
    ],
  },
  {
    id: 'azure-api-management',
    name: 'Azure API Management',
    commonness: 2,
    causes: [
      {
        id: 'azure-api-management.buffer-response',
        faults: ['buffer.until-end', 'buffer.headers'],
        what: 'forward-request buffers the answer unless it is told not to',
        signs: [sign.xabCures(0), sign.burstsOf(4096, 0.3)],
        fixes: [
          {
            where: 'API Management policy, backend',
            line: '<forward-request buffer-response="false" />',
            basis: 'documented',
            source: 'https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events',
            needs: 'another tier than Consumption',
            caution: 'validate-content and the logging of bodies buffer it again',
          },
        ],
      },
      {
        id: 'azure-api-management.idle',
        faults: ['idle.cut'],
        what: 'a connection that is silent for 4 minutes is cut',
        signs: [sign.silenceCutAfter(240, 5)],
        fixes: [
          {
            where: 'origin',
            line: HEARTBEAT,
            basis: 'documented',
            source: 'https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events',
          },
        ],
      },
    ],
  },
  {
    id: 'azure-front-door',
    name: 'Azure Front Door',
    commonness: 2,
    causes: [
      {
        id: 'azure-front-door.response-timeout',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'the origin response timeout is 30 s unless it is set',
        signs: [sign.silenceCutAfter(30, 4), sign.statusForNoHead([503, 504], 3)],
        fixes: [
          {
            where: 'Azure command line',
            line: 'az afd profile update -g GROUP --profile-name NAME --origin-response-timeout-seconds 240',
            basis: 'documented',
            source: 'https://learn.microsoft.com/en-us/azure/frontdoor/troubleshoot-issues',
            needs: 'Front Door Standard or Premium',
            caution: '240 s is the most, and heartbeats are needed beyond it',
          },
        ],
      },
    ],
  },
  {
    id: 'heroku',
    name: "Heroku's router",
    commonness: 2,
    causes: [
      {
        id: 'heroku.router-timeout',
        faults: ['idle.cut', 'idle.cut-before-headers'],
        what: 'the first byte must come within 30 s, and each next one within 55 s; neither can be changed',
        signs: [sign.silenceCutAfter(55, 10), sign.statusForNoHead(503, 3)],
        fixes: [
          {
            faults: ['idle.cut'],
            where: 'origin',
            line: HEARTBEAT,
            basis: 'documented',
            source:
              'https://devcenter.heroku.com/articles/request-timeout#long-polling-and-streaming-responses',
          },
          {
            faults: ['idle.cut-before-headers'],
            where: 'origin',
            line: HEAD_AT_ONCE,
            basis: 'documented',
            source: 'https://devcenter.heroku.com/articles/request-timeout',
          },
        ],
      },
    ],
  },
];
