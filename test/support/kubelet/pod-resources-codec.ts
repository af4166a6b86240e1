import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';

const text = readFileSync(join(import.meta.dirname, 'pod-resources.proto'), 'utf8');
const { root } = protobuf.parse(text, { keepCase: true });
const listAnswer = root.lookupType('v1.ListPodResourcesResponse');

/** The answer of List as the .proto names its fields; what is absent is empty. */
export interface ListAnswer {
  readonly pod_resources: readonly PodEntry[];
}

export interface PodEntry {
  readonly name: string;
  readonly namespace: string;
  readonly containers: readonly ContainerEntry[];
}

export interface ContainerEntry {
  readonly name: string;
  readonly devices?: readonly {
    readonly resource_name: string;
    readonly device_ids: readonly string[];
    readonly topology?: { readonly nodes: readonly { readonly ID: number }[] };
  }[];
  readonly cpu_ids?: readonly number[];
  readonly memory?: readonly {
    readonly memory_type: string;
    readonly size: number;
    readonly topology?: { readonly nodes: readonly { readonly ID: number }[] };
  }[];
  readonly dynamic_resources?: readonly {
    readonly claim_name: string;
    readonly claim_namespace: string;
    readonly claim_resources: readonly {
      readonly cdi_devices?: readonly { readonly name: string }[];
      readonly driver_name: string;
      readonly pool_name: string;
      readonly device_name: string;
      readonly share_id?: string;
    }[];
  }[];
}

/** @throws when the answer does not fit the .proto, so that a misspelled field is not left out in silence. */
export function encodeListAnswer(answer: ListAnswer): Buffer {
  const problem = listAnswer.verify(answer);
  if (problem !== null) throw new Error(`no ListPodResourcesResponse: ${problem}`);
  return Buffer.from(listAnswer.encode(listAnswer.fromObject({ ...answer })).finish());
}
