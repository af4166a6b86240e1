export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface VitestReport {
  testResults?: readonly {
    name: string;
    status: string;
    message?: string;
    assertionResults?: readonly {
      status: string;
      fullName?: string;
      failureMessages?: readonly string[];
    }[];
  }[];
}

export function countTests(report: VitestReport | undefined, exitCode: number): TestCounts;
export function failuresIn(report: VitestReport | undefined, root: string): string[];
