type Labels = Readonly<Record<string, string>>;

/** Labels by which dcgm-exporter tells for whom a line is; with the prefix that Prometheus gives them where the target has such labels itself. */
const podLabels = ['namespace', 'pod', 'pod_namespace', 'pod_name', 'pod_uid'];
const withinPod = ['container', 'container_name', 'vgpu', 'hpc_job'];
const exported = (name: string): string => `exported_${name}`;
const identifying = [...podLabels.map(exported), ...podLabels];
const owners = new Set([...identifying, ...withinPod, ...withinPod.map(exported)]);

/** Which pod a line is for; what is told of one pod is told again for each of its containers or slots. */
export function podOf(labels: Labels): string {
  return identifying.map((name) => labels[name] ?? '').join('\u0001');
}

/** The labels of a line without its name and without for whom it is, as one text. */
export function withoutPod(labels: Labels): string {
  const pairs = Object.entries(labels).filter(([name]) => name !== '__name__' && !owners.has(name));
  return JSON.stringify(pairs.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What is told of one device in a line for each pod, by pod: the device's value again and again, or (`perPod`) what each uses. */
export function combinePods(
  told: readonly (readonly [pod: string, value: number])[],
  perPod: boolean,
): number {
  const most = new Map<string, number>();
  for (const [pod, value] of told) most.set(pod, Math.max(most.get(pod) ?? -Infinity, value));
  const values = [...most.values()];
  return perPod ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
}
