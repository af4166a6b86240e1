import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeListAnswer,
  type ContainerEntry,
  type ListAnswer,
} from '../../../test/support/kubelet/pod-resources-codec.ts';
import type { HeldDevice } from '../held-device.ts';
import { PodResourcesError } from '../pod-resources-error.ts';
import { heldDevices } from './list-answer.ts';

function decode(bytes: Buffer, wants: (resource: string) => boolean = () => true): HeldDevice[] {
  return [...heldDevices(bytes, wants)].flat();
}

/** What should come out, said without any protobuf. */
function expected({ pod_resources: pods }: ListAnswer): HeldDevice[] {
  return pods.flatMap((pod) =>
    pod.containers.flatMap((container) => {
      const holder = { namespace: pod.namespace, pod: pod.name, container: container.name };
      const plain = (container.devices ?? []).flatMap((entry) =>
        entry.device_ids.map((deviceId) => ({
          ...holder,
          resource: entry.resource_name,
          deviceId,
        })),
      );
      const claimed = (container.dynamic_resources ?? []).flatMap((claim) =>
        claim.claim_resources.map((resource) => ({
          ...holder,
          resource: resource.driver_name,
          deviceId: resource.device_name,
          claim: {
            name: claim.claim_name,
            cdiNames: (resource.cdi_devices ?? []).map(({ name }) => name),
          },
        })),
      );
      return [...plain, ...claimed];
    }),
  );
}

const name = fc.string({ unit: 'grapheme', maxLength: 12 });
const topology = fc.record({ nodes: fc.array(fc.record({ ID: fc.nat(7) }), { maxLength: 2 }) });
const container: fc.Arbitrary<ContainerEntry> = fc.record({
  name,
  devices: fc.array(
    fc.record({ resource_name: name, device_ids: fc.array(name, { maxLength: 3 }), topology }),
    { maxLength: 3 },
  ),
  cpu_ids: fc.array(fc.nat(400), { maxLength: 20 }),
  memory: fc.array(
    fc.record({ memory_type: name, size: fc.nat(Number.MAX_SAFE_INTEGER), topology }),
    { maxLength: 2 },
  ),
  dynamic_resources: fc.array(
    fc.record({
      claim_name: name,
      claim_namespace: name,
      claim_resources: fc.array(
        fc.record(
          {
            cdi_devices: fc.array(fc.record({ name }), { maxLength: 2 }),
            driver_name: name,
            pool_name: name,
            device_name: name,
            share_id: name,
          },
          { requiredKeys: ['driver_name', 'pool_name', 'device_name'] },
        ),
        { maxLength: 2 },
      ),
    }),
    { maxLength: 2 },
  ),
});
const listAnswer: fc.Arbitrary<ListAnswer> = fc.record({
  pod_resources: fc.array(
    fc.record({ name, namespace: name, containers: fc.array(container, { maxLength: 3 }) }),
    { maxLength: 4 },
  ),
});

describe('attribution/list-answer', () => {
  it('reads whatever another encoder writes', () => {
    fc.assert(
      fc.property(listAnswer, (answer) => {
        expect(decode(encodeListAnswer(answer))).toEqual(expected(answer));
      }),
    );
  });

  it('passes over fields of every kind that it does not know, wherever they stand', () => {
    const unknown = fc.oneof(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value) => [tag(15, 0), varint(value)]),
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => [tag(2_000, 1), bytes]),
      fc
        .uint8Array({ maxLength: 300 })
        .map((bytes) => [tag(16, 2), varint(BigInt(bytes.length)), bytes]),
      fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => [tag(536_870_911, 5), bytes]),
    );
    fc.assert(
      fc.property(listAnswer, fc.array(unknown), fc.array(unknown), (answer, before, after) => {
        const bytes = [...before.flat(), encodeListAnswer(answer), ...after.flat()];
        expect(decode(Buffer.concat(bytes))).toEqual(expected(answer));
      }),
    );
  });

  it('gives only the resources that are wanted', () => {
    const answer: ListAnswer = {
      pod_resources: [
        {
          name: 'a',
          namespace: 'n',
          containers: [
            {
              name: 'c',
              devices: [
                { resource_name: 'nvidia.com/gpu', device_ids: ['GPU-1'] },
                { resource_name: 'example.com/nic', device_ids: ['eth0'] },
              ],
            },
          ],
        },
      ],
    };
    const found = decode(encodeListAnswer(answer), (resource) => resource === 'nvidia.com/gpu');
    expect(found.map(({ deviceId }) => deviceId)).toEqual(['GPU-1']);
  });

  it('says of garbage that it is garbage, and nothing else', () => {
    const read = (bytes: Uint8Array): void => {
      expect(outcome(Buffer.from(bytes))).toMatch(/^(read|bad_answer)$/);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), read));
    // Almost right: one byte of a good answer is another, or the end is missing.
    fc.assert(
      fc.property(listAnswer, fc.nat(), fc.nat(255), (answer, at, byte) => {
        const bytes = encodeListAnswer(answer);
        read(bytes.subarray(0, at % (bytes.length + 1)));
        if (bytes.length > 0) bytes[at % bytes.length] = byte;
        read(bytes);
      }),
    );
  });

  it.each([
    ['cut off', Buffer.from([0x0a, 0x05, 0x61])],
    ['an endless number', Buffer.alloc(11, 0xff)],
    ['field number 0', Buffer.from([0x02, 0x00])],
    ['a group', Buffer.from([0x0b])],
  ])('refuses %s', (_, bytes) => {
    expect(() => decode(bytes)).toThrow(PodResourcesError);
  });
});

/** `read`, or the code of the error, which is of the kind that callers expect. */
function outcome(bytes: Buffer): string {
  try {
    decode(bytes);
    return 'read';
  } catch (error) {
    return error instanceof PodResourcesError ? error.code : String(error);
  }
}

function tag(field: number, wireType: number): Buffer {
  return varint(BigInt(field) * 8n + BigInt(wireType));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
