import { describe, expect, it } from 'vitest';
import { isRetryable, isUidMismatch } from './api-error.ts';
import { statusError, watchError } from './status-error.ts';

const node = { method: 'PATCH', path: '/api/v1/nodes/n' };
const status = (fields: object): string => JSON.stringify({ kind: 'Status', ...fields });

describe('kubernetes/status-error', () => {
  it.each([
    [400, 'invalid', false],
    [401, 'unauthorized', true],
    [403, 'forbidden', false],
    [404, 'not_found', false],
    [409, 'conflict', true],
    [410, 'gone', false],
    [422, 'invalid', false],
    [429, 'too_many_requests', true],
    [500, 'server_error', true],
    [504, 'server_error', true],
    [302, 'bad_answer', true],
  ])('%i is %s, worth another try: %s', (code, expected, retry) => {
    const error = statusError(node, code, 'anything');
    expect(error).toMatchObject({ code: expected, status: code });
    expect(isRetryable(error)).toBe(retry);
  });

  it('knows the answer for a node that was replaced from other 422s', () => {
    const causes = [{ field: 'metadata.uid', message: 'field is immutable' }];
    expect(isUidMismatch(statusError(node, 422, status({ details: { causes } })))).toBe(true);
    expect(isUidMismatch(statusError(node, 422, status({ message: 'Too long' })))).toBe(false);
    expect(isUidMismatch(statusError(node, 409, status({ details: { causes } })))).toBe(false);
  });

  it('waits as long as the header says, else as the body says', () => {
    const body = status({ details: { retryAfterSeconds: 3 } });
    expect(statusError(node, 429, body, '7').retryAfterMs).toBe(7_000);
    expect(statusError(node, 429, body).retryAfterMs).toBe(3_000);
    expect(statusError(node, 429, '<html>').retryAfterMs).toBeUndefined();
  });

  it.each([
    ['PATCH', '/api/v1/nodes/n', "apiGroups: [''], resources: [nodes], verbs: [patch]"],
    ['GET', '/api/v1/nodes', "apiGroups: [''], resources: [nodes], verbs: [list]"],
    [
      'POST',
      '/apis/coordination.k8s.io/v1/namespaces/a/leases',
      "apiGroups: ['coordination.k8s.io'], resources: [leases], verbs: [create]",
    ],
    [
      'GET',
      '/apis/coordination.k8s.io/v1/namespaces/a/leases/l',
      "apiGroups: ['coordination.k8s.io'], resources: [leases], verbs: [get]",
    ],
    [
      'PATCH',
      '/api/v1/namespaces/default/events/e',
      "apiGroups: [''], resources: [events], verbs: [patch]",
    ],
    [
      'PATCH',
      '/apis/apps/v1/namespaces/a/deployments/d/scale',
      "apiGroups: ['apps'], resources: [deployments/scale], verbs: [patch]",
    ],
    [
      'GET',
      '/apis/apps/v1/namespaces/a/deployments/d/scale',
      "apiGroups: ['apps'], resources: [deployments/scale], verbs: [get]",
    ],
    ['PATCH', '/unheard/of', "apiGroups: [''], resources: [/unheard/of], verbs: [patch]"],
  ])('names the rule that is missing: %s %s', (method, path, rule) => {
    expect(statusError({ method, path }, 403, status({})).hint).toContain(rule);
  });

  it('tells a denial by a policy from a missing right', () => {
    const message = "ValidatingAdmissionPolicy 'P' with binding 'B' denied request: not yours";
    expect(statusError(node, 403, status({ message })).hint).toContain('admission policy');
  });

  it('reads the error event of a watch', () => {
    const request = { method: 'GET', path: '/api/v1/nodes', watch: true };
    expect(watchError(request, { kind: 'Status', code: 410, message: 'old' }).code).toBe('gone');
    expect(watchError(request, null).code).toBe('server_error');
  });
});
