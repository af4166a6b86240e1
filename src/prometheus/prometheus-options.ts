/** How to reach a Prometheus, or anything that answers its query API (Thanos, Mimir, VictoriaMetrics). */
export interface PrometheusOptions {
  /** Base path included: `http://host:9090`, `https://host/prometheus`. */
  readonly url: string;
  /** Of one query, answer included. */
  readonly timeoutMs: number;
  /** Longest answer that is read, after decompression. */
  readonly maxBodyBytes: number;
  /** Connections kept open; more queries at once wait. Default 4. */
  readonly maxConnections?: number | undefined;
  /** Read again whenever the file changes, as all files here. */
  readonly bearerTokenFile?: string | null | undefined;
  readonly basicAuth?: { readonly username: string; readonly passwordFile: string } | undefined;
  readonly caFile?: string | null | undefined;
  readonly certFile?: string | null | undefined;
  readonly keyFile?: string | null | undefined;
  readonly insecureSkipVerify?: boolean | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Ask for compressed answers. Default false: it costs Prometheus more processor time than a cluster's network costs. */
  readonly gzip?: boolean | undefined;
}
