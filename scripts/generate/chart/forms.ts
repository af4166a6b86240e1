type Schema = Readonly<Record<string, unknown>>;

const text = { type: 'string' };
const objectName = '[a-z0-9]([-a-z0-9.]*[a-z0-9])?';
const prometheusDuration = '([0-9]+(ms|[smhdwy]))+';
const port = { type: 'integer', minimum: 1, maximum: 65535 };
const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });

const matching = (pattern: string, more: Schema = {}): Schema => ({
  type: 'string',
  pattern,
  ...more,
});
const orEmpty = (pattern: string, more: Schema = {}): Schema => matching(`^(${pattern})?$`, more);
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const closed = (properties: Schema, more: Schema = {}): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});

/** The forms that `@schema NAME` in values.yaml can name. Draft 7: older Helms know no later one. */
export const forms: Readonly<Record<string, Schema>> = {
  nonEmpty: { type: 'string', minLength: 1 },
  tag: orEmpty('[A-Za-z0-9_][A-Za-z0-9._-]{0,127}'),
  tagNonEmpty: matching('^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$'),
  digest: orEmpty('sha256:[0-9a-f]{64}'),
  pullPolicy: { enum: ['', 'Always', 'IfNotPresent', 'Never'] },
  objectNameOrEmpty: orEmpty(objectName, { maxLength: 253 }),
  objectNames: listOf(matching(`^${objectName}$`)),
  labelOrEmpty: orEmpty('[a-z]([-a-z0-9]*[a-z0-9])?', { maxLength: 46 }),
  secretKey: matching('^[-._a-zA-Z0-9]+$'),
  secretKeyOrEmpty: orEmpty('[-._a-zA-Z0-9]+'),
  hostFolder: orEmpty('/[^:]*[^:/]'),
  urlOrEmpty: orEmpty('https?://[^\\s/].*'),
  hostPorts: listOf(matching('^[^/\\s]+:[0-9]+$')),
  duration: matching('^([0-9]+(\\.[0-9]+)?(ms|s|m|h|d))+$'),
  prometheusDuration: matching(`^${prometheusDuration}$`),
  prometheusDurationOrEmpty: orEmpty(prometheusDuration),
  prometheusSizeOrEmpty: orEmpty('[0-9]+(B|[KMGTPE]i?B)'),
  quantity: matching('^[0-9.]+([EPTGM]i?|[Kk]i?|m)?$'),
  wholeSeconds: { type: 'integer', minimum: 1 },
  port,
  portOrNone: { ...port, minimum: 0 },
  ports: listOf(port),
  countOrPercent: {
    anyOf: [{ type: 'integer', minimum: 0 }, matching('^[0-9]{1,3}%$')],
  },
  labels: { type: 'object', additionalProperties: text },
  args: listOf(matching('^--[a-z]')),
  object: { type: 'object' },
  objects: listOf({ type: 'object' }),
  pullSecrets: listOf(closed({ name: matching(`^${objectName}$`) }, { required: ['name'] })),
  probe: closed({
    initialDelaySeconds: { type: 'integer', minimum: 0 },
    periodSeconds: { type: 'integer', minimum: 1 },
    timeoutSeconds: { type: 'integer', minimum: 1 },
    failureThreshold: { type: 'integer', minimum: 1 },
    successThreshold: { type: 'integer', minimum: 1 },
  }),
  resources: closed({
    requests: ref('quantities'),
    limits: ref('quantities'),
    claims: listOf({ type: 'object' }),
  }),
  quantities: {
    type: 'object',
    additionalProperties: {
      type: ['string', 'number', 'null'],
      pattern: '^[0-9.]+(e[0-9]+|[EPTGMk]i?|Ki|m|u|n)?$',
    },
  },
  tolerations: listOf(
    closed({
      key: text,
      operator: { enum: ['Exists', 'Equal', 'Lt', 'Gt'] },
      value: text,
      effect: { enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
      tolerationSeconds: { type: 'integer' },
    }),
  ),
  // What is in the three is checked by the API server.
  affinity: closed({
    nodeAffinity: { type: 'object' },
    podAffinity: { type: 'object' },
    podAntiAffinity: { type: 'object' },
  }),
  topologySpread: listOf(
    closed(
      {
        topologyKey: { type: 'string', minLength: 1 },
        maxSkew: { type: 'integer', minimum: 1 },
        whenUnsatisfiable: { enum: ['DoNotSchedule', 'ScheduleAnyway'] },
      },
      { required: ['topologyKey'] },
    ),
  ),
  env: listOf(
    closed(
      {
        name: matching('^[A-Za-z_][A-Za-z0-9_]*$'),
        value: text,
        valueFrom: { type: 'object', minProperties: 1, maxProperties: 1 },
      },
      { required: ['name'], not: { required: ['value', 'valueFrom'] } },
    ),
  ),
};
