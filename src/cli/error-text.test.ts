import { describe, expect, it } from 'vitest';
import { CodedError, UsageError } from '../lib/errors.ts';
import { describeFailure } from './error-text.ts';

describe('cli/error-text', () => {
  it('shows wrong use without a stack, exit code 2', () => {
    const error = new UsageError('x is wrong', { hint: 'Write y.', cause: new Error('inner') });
    expect(describeFailure(error)).toEqual({
      text: 'gpu-profiler: x is wrong\n  Write y.\n',
      exitCode: 2,
    });
  });

  it('shows a foreseen failure with its cause and its hint, exit code 1', () => {
    const error = new CodedError('taken', 'cannot listen', {
      cause: new Error('EADDRINUSE'),
      hint: 'Take another port.',
    });
    expect(describeFailure(error)).toEqual({
      text: 'gpu-profiler: cannot listen: EADDRINUSE\n  Take another port.\n',
      exitCode: 1,
    });
  });

  it('shows what nobody foresaw with its stack', () => {
    const { text, exitCode } = describeFailure(new TypeError('x is undefined'));
    expect(exitCode).toBe(1);
    expect(text).toMatch(/unexpected error: x is undefined\n.*\n\s+at /);
    expect(describeFailure('thrown text').text).toContain('thrown text');
  });
});
