import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  isOurKey,
  jobTypeKey,
  memUtilMaxKey,
  ownedKey,
  profileKey,
} from '../../src/controller/annotation-keys.ts';
import { createNodeSender } from '../../src/controller/node-sender.ts';
import type { SendOutcome } from '../../src/controller/write-queue.ts';
import { createClusterAccess } from '../../src/kubernetes/client.ts';
import type { NodeMetadata } from '../../src/kubernetes/node-metadata.ts';
import { listNodes } from '../../src/kubernetes/node-list.ts';
import { createNodeStore } from '../../src/kubernetes/node-store.ts';
import { createTransport, type Transport } from '../../src/kubernetes/transport.ts';
import { systemClock as clock } from '../../src/lib/clock.ts';
import type { ApiServer } from '../support/apiserver.ts';
import { createNodes, deleteAllNodes, foreignKey, marks } from '../support/cleanup/marked-nodes.ts';
import { startControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { AnnotatedFleet } from '../support/controller/annotated-fleet.ts';
import { describeWithCluster } from '../support/describe-with-cluster.ts';

const term = { signal: new AbortController().signal, mayWrite: () => true, inherited: {} };

/** Each writes from the picture that it read last, as a controller whose watch lags behind does. */
interface Writer {
  read(): Promise<void>;
  write(wanted: Readonly<Record<string, string>>): Promise<SendOutcome>;
}

describeWithCluster('whose a key is, on a real API server', () => {
  let plane: ControlPlane;
  let apiServer: ApiServer;
  let fleet: AnnotatedFleet;
  let transport: Transport;

  const writer = async (): Promise<Writer> => {
    const store = createNodeStore();
    const reflector = {
      nodes: () => store.nodes(),
      observe: (node: NodeMetadata) => store.observe(node),
    };
    const sender = createNodeSender(transport, reflector, isOurKey);
    const read = async (): Promise<void> => {
      const options = { transport, keep: isOurKey, labelSelector: null, signal: term.signal };
      store.replaceAll((await listNodes(options)).nodes);
    };
    await read();
    return {
      read,
      write: (wanted) => {
        const uid = store.nodes().get('node')?.uid ?? '';
        return sender.send({ node: 'node', uid, wanted }, term, term.signal);
      },
    };
  };
  const says = (): Promise<Record<string, string>> => fleet.annotations('node');
  /** The values without the record: what a controller wants. */
  const values = (): Record<string, string> => {
    const all = marks();
    delete all[ownedKey];
    delete all[foreignKey];
    return all;
  };

  beforeAll(async () => {
    plane = await startControlPlane();
    apiServer = plane.apiServer;
    fleet = new AnnotatedFleet(apiServer);
    const access = createClusterAccess({
      kubeconfigFile: await apiServer.writeKubeconfig(),
      context: null,
    });
    transport = createTransport({ access, clock, maxSockets: 2, userAgent: 'ownership-test' });
  });
  afterAll(async () => {
    transport?.close();
    await plane?.stop();
  });
  beforeEach(() => createNodes(apiServer, ['node'], { [foreignKey]: 'theirs' }));
  afterEach(() => deleteAllNodes(apiServer));

  it('is recorded with the first key, changed with each, and gone with the last', async () => {
    const controller = await writer();
    expect(await controller.write(values())).toBe('written');
    expect(await says()).toEqual({ ...marks(), [foreignKey]: 'theirs' });
    expect(await controller.write(values())).toBe('unchanged');

    expect(await controller.write({ [jobTypeKey(0)]: 'Others' })).toBe('written');
    expect(await says()).toEqual({
      [foreignKey]: 'theirs',
      [jobTypeKey(0)]: 'Others',
      [ownedKey]: 'GPU-0-job-type',
    });
    expect(await controller.write({})).toBe('written');
    expect(await says()).toEqual({ [foreignKey]: 'theirs' });
  });

  it('holds when somebody changes annotations between our read and our write', async () => {
    const controller = await writer();
    await controller.write(values());
    await fleet.annotate('node', {
      [ownedKey]: 'scheduler-hint',
      [foreignKey]: 'changed',
      'ai.centaurus.io/new': 'theirs',
      [jobTypeKey(7)]: 'theirs',
    });
    // The record has not changed in the picture of the controller, and is sent all the same.
    await controller.write({ ...values(), [memUtilMaxKey(0)]: '60' });
    const others = {
      [foreignKey]: 'changed',
      'ai.centaurus.io/new': 'theirs',
      [jobTypeKey(7)]: 'theirs',
    };
    expect(await says()).toEqual({ ...marks(), [memUtilMaxKey(0)]: '60', ...others });
    await controller.write({});
    expect(await says()).toEqual(others);
  });

  it.each([
    ['deleted', null],
    ['emptied', ''],
    ['made to name keys of others', 'scheduler-hint,../x,*'],
    ['cut short', 'GPU-0-job'],
  ])('is repaired in one write when the record was %s', async (_, broken) => {
    await (await writer()).write(values());
    await fleet.annotate('node', { [ownedKey]: broken });
    const controller = await writer();
    expect(await controller.write(values())).toBe('written');
    expect(await says()).toEqual({ ...marks(), [foreignKey]: 'theirs' });
    expect(await controller.write(values())).toBe('unchanged');
  });

  it('comes with an upgrade in one write per node, and survives a way back without a war', async () => {
    // As written by a version that knew no records.
    await fleet.annotate('node', values());
    const now = await writer();
    expect(await now.write(values())).toBe('written');
    expect(await now.write(values())).toBe('unchanged');

    // That version again: it takes one key away and writes another, and leaves the record as it is.
    await fleet.annotate('node', { [memUtilMaxKey(0)]: null, [jobTypeKey(2)]: 'Empty' });
    const wanted = { ...values(), [jobTypeKey(2)]: 'Empty' };
    delete wanted[memUtilMaxKey(0)];
    expect((await says())[ownedKey]).toBe(marks()[ownedKey]);

    await now.read();
    expect(await now.write(wanted)).toBe('written');
    expect((await says())[ownedKey]).toBe(
      'GPU-0-job-type,GPU-1-job-type,GPU-2-job-type,gpu-profile,gpu-static',
    );
    await now.read();
    expect(await now.write(wanted)).toBe('unchanged');
    const { [profileKey]: profile } = await says();
    expect(profile).toBe(values()[profileKey]);
  });
});
