import { describe, expect, it } from 'vitest';
import { CodedError, UsageError, codeOf, messageOf } from './errors.ts';

describe('lib/errors', () => {
  it('tells the whole chain once', () => {
    const cause = new Error('connection refused');
    expect(messageOf(new CodedError('unreachable', 'no Prometheus', { cause }))).toBe(
      'no Prometheus: connection refused',
    );
    expect(messageOf(new CodedError('x', 'failed: connection refused', { cause }))).toBe(
      'failed: connection refused',
    );
    expect(messageOf('text')).toBe('text');
  });

  it('finds codes of our own and of system errors', () => {
    expect(codeOf(new UsageError('wrong'))).toBe('usage');
    expect(codeOf(Object.assign(new Error('gone'), { code: 'ENOENT' }))).toBe('ENOENT');
    expect(codeOf(new Error('plain'))).toBeUndefined();
    expect(codeOf(null)).toBeUndefined();
  });
});
