export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface VitestReport {
  testResults?: readonly {
    status: string;
    assertionResults?: readonly { status: string }[];
  }[];
}

export function countTests(report: VitestReport | undefined, exitCode: number): TestCounts;
