import { mkdirSync, rmSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { findPart } from '../parts/find-part.ts';
import { failureOf, runCommand } from '../parts/run-command.ts';
import { packImage } from './docker-archive.ts';

/** Holds a pod's namespaces; does nothing, as any user, until it is killed. Also the workload of pods that only hold a GPU. */
export const pauseImage = 'localhost/pause:1';

/** pause(2), where there is none ppoll(2); without a C library, which not every compiler can link statically. */
const source = `
#if defined(__x86_64__)
static void wait_forever(void) { long r; __asm__ volatile("syscall" : "=a"(r) : "a"(34) : "rcx", "r11", "memory"); }
#elif defined(__aarch64__)
static void wait_forever(void) {
  register long number __asm__("x8") = 73, fds __asm__("x0") = 0, count __asm__("x1") = 0, time __asm__("x2") = 0, mask __asm__("x3") = 0;
  __asm__ volatile("svc 0" : "+r"(fds) : "r"(number), "r"(count), "r"(time), "r"(mask) : "memory");
}
#endif
void _start(void) { for (;;) wait_forever(); }
`;

export async function packPauseImage(folder: string): Promise<string> {
  const compiler = await findPart('cc');
  const root = mkdtempSync(join(folder, 'pause-'));
  mkdirSync(join(root, 'bin'));
  const flags = ['-O2', '-static', '-nostdlib', '-ffreestanding', '-fno-stack-protector'];
  const compiled = await runCommand(
    compiler,
    [...flags, '-x', 'c', '-o', join(root, 'bin', 'pause'), '-'],
    { timeoutMs: 60_000, input: source },
  );
  if (compiled.code !== 0) throw new Error(`the pause program: ${failureOf(compiled)}`);
  const archive = join(folder, 'pause.tar');
  await packImage({ tag: pauseImage, root, entrypoint: ['/bin/pause'], user: '65535' }, archive);
  rmSync(root, { recursive: true });
  return archive;
}
