// What every call shares: the script and when it is read again, faults, handles that die with a loss, call counters.
#include "standin.h"

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define MAX_FUNCTIONS 96
#define GENERATIONS 16
#define SCRIPT_CHECK_SECONDS 0.05
#define COUNTERS_WRITE_SECONDS 0.5

struct script script;
int init_count;
int part_entered = -1;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct device devices[MAX_DEVICES];
static char handles[MAX_DEVICES][GENERATIONS]; // the address is the handle: device and generation can be told from it
static bool told_lost[MAX_DEVICES][GENERATIONS];
static char part_handles[MAX_DEVICES][MAX_PARTS];
static struct { const char *name; uint64_t calls; } counters[MAX_FUNCTIONS];
static uint64_t calls_on_lost_handles;
static double loaded_mono, loaded_real;

static double clock_seconds(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double now_seconds(void) { return clock_seconds(CLOCK_MONOTONIC) - loaded_mono; }

uint64_t stamp_us(double seconds) {
  return (uint64_t)llround((seconds + (script.stamps_since_boot ? loaded_mono : loaded_real)) * 1e6);
}

__attribute__((constructor)) static void on_load(void) {
  loaded_mono = clock_seconds(CLOCK_MONOTONIC);
  loaded_real = clock_seconds(CLOCK_REALTIME);
  script_defaults(&script);
  for (int i = 0; i < MAX_DEVICES; i++) devices[i] = (struct device){.index = i};
}

// ---- the script file: the one beside this library (NAME.script) or the one named by the environment ----

static void find_script(char *path, size_t size) {
  Dl_info self;
  const char *named = getenv("NVML_STANDIN_SCRIPT");
  struct stat st;
  path[0] = 0;
  if (dladdr((void *)&script, &self) && self.dli_fname) snprintf(path, size, "%s.script", self.dli_fname);
  if (path[0] && stat(path, &st) == 0) return;
  snprintf(path, size, "%s", named ? named : "");
}

static void refresh_script(void) {
  static double next_check = -1;
  static struct stat seen;
  static struct script fresh;
  double now = now_seconds();
  if (now < next_check) return;
  next_check = now + SCRIPT_CHECK_SECONDS;
  char path[1024];
  struct stat st;
  find_script(path, sizeof path);
  if (!path[0] || stat(path, &st) != 0) return;
  if (st.st_ino == seen.st_ino && st.st_size == seen.st_size && st.st_mtim.tv_sec == seen.st_mtim.tv_sec &&
      st.st_mtim.tv_nsec == seen.st_mtim.tv_nsec)
    return;
  if (!script_read(&fresh, path)) return;
  for (int i = 0; i < MAX_DEVICES; i++) energy_joules(&devices[i]); // up to now by the old power
  script = fresh;
  seen = st;
}

// ---- rules ----

static const struct rule *active_rule(enum rule_kind kind, const char *function, int device) {
  double now = now_seconds();
  for (int i = 0; i < script.rule_count; i++) {
    const struct rule *rule = &script.rules[i];
    bool named = strcmp(rule->function, function) == 0 || (strcmp(rule->function, "*") == 0 && device != ALL);
    bool same_device = rule->device == ALL || rule->device == device;
    if (rule->kind == kind && (kind == RULE_LOSE || named) && same_device && now >= rule->from && now < rule->to) return rule;
  }
  return NULL;
}

static bool is_lost(int index) {
  struct device *device = &devices[index];
  bool lost = active_rule(RULE_LOSE, "", index) != NULL;
  if (device->was_lost && !lost) device->generation++;
  device->was_lost = lost;
  return lost;
}

void *handle_of(int index) {
  is_lost(index);
  return &handles[index][devices[index].generation % GENERATIONS];
}

void *part_handle(int index, int slot) { return &part_handles[index][slot]; }

// A look-up takes no GPU, so that `*` does not mean it; a rule that names it does, for the GPU that is looked for.
int lookup(const char *function, int index, void **handle) {
  if (is_lost(index)) return RC_GPU_IS_LOST;
  const struct rule *rule = active_rule(RULE_CODE, function, index);
  if (rule && strcmp(rule->function, function) == 0) return rule->code;
  *handle = handle_of(index);
  return RC_OK;
}

// ---- calls ----

static void count_call(const char *function) {
  for (int i = 0; i < MAX_FUNCTIONS; i++) {
    if (!counters[i].name) counters[i].name = function;
    if (strcmp(counters[i].name, function) != 0) continue;
    counters[i].calls++;
    return;
  }
}

static void write_counters(void) {
  static double next_write;
  double now = now_seconds();
  if (!script.counters[0] || now < next_write) return;
  next_write = now + COUNTERS_WRITE_SECONDS;
  char path[600];
  snprintf(path, sizeof path, "%s.new", script.counters);
  FILE *file = fopen(path, "we");
  if (!file) return;
  for (int i = 0; i < MAX_FUNCTIONS && counters[i].name; i++)
    fprintf(file, "%s %llu\n", counters[i].name, (unsigned long long)counters[i].calls);
  fprintf(file, "calls_on_lost_handles %llu\n", (unsigned long long)calls_on_lost_handles);
  fclose(file);
  rename(path, script.counters);
}

// Waits while the script says so; a script without the rule lets the call go on. Called with the lock held, which it gives up while asleep.
static void hang(const char *function, int device) {
  double started = now_seconds();
  const struct rule *rule;
  while ((rule = active_rule(RULE_HANG, function, device)) && now_seconds() - started < rule->seconds) {
    pthread_mutex_unlock(&lock);
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    pthread_mutex_lock(&lock);
    refresh_script();
  }
}

static int resolve(void *handle, struct device **device) {
  char *address = handle;
  part_entered = -1;
  if (address >= &part_handles[0][0] && address <= &part_handles[MAX_DEVICES - 1][MAX_PARTS - 1]) {
    int gpu = (int)(address - &part_handles[0][0]) / MAX_PARTS, slot = (int)(address - &part_handles[0][0]) % MAX_PARTS;
    if (!script.devices[gpu].parts[slot].uuid[0]) return RC_INVALID_ARGUMENT; // destroyed meanwhile
    part_entered = slot;
    *device = &devices[gpu];
    return is_lost(gpu) ? RC_GPU_IS_LOST : RC_OK;
  }
  if (address < &handles[0][0] || address > &handles[MAX_DEVICES - 1][GENERATIONS - 1]) return RC_INVALID_ARGUMENT;
  int index = (int)(address - &handles[0][0]) / GENERATIONS, generation = (int)(address - &handles[0][0]) % GENERATIONS;
  *device = &devices[index];
  bool stale = is_lost(index) || devices[index].generation % GENERATIONS != generation;
  if (told_lost[index][generation]) calls_on_lost_handles++;
  told_lost[index][generation] = stale;
  return stale ? RC_GPU_IS_LOST : RC_OK;
}

int enter(const char *function, void *handle, struct device **device) {
  pthread_mutex_lock(&lock);
  refresh_script();
  count_call(function);
  write_counters();
  int code = RC_OK, index = ALL;
  if (device) {
    *device = NULL;
    code = init_count > 0 ? resolve(handle, device) : RC_UNINITIALIZED;
    index = *device ? (*device)->index : ALL;
  }
  hang(function, index);
  const struct rule *rule = active_rule(RULE_CODE, function, index);
  if (code == RC_OK && rule) code = rule->code;
  if (code != RC_OK) pthread_mutex_unlock(&lock);
  return code;
}

int leave(int code) {
  pthread_mutex_unlock(&lock);
  return code;
}

// For tests in the same process: how often a function was called; "calls_on_lost_handles" for uses of a handle after it had answered "lost".
__attribute__((visibility("default"))) uint64_t nvmlStandinCallCount(const char *function) {
  pthread_mutex_lock(&lock);
  uint64_t calls = strcmp(function, "calls_on_lost_handles") == 0 ? calls_on_lost_handles : 0;
  for (int i = 0; i < MAX_FUNCTIONS && counters[i].name; i++)
    if (strcmp(counters[i].name, function) == 0 || strcmp(function, "*") == 0) calls += counters[i].calls;
  pthread_mutex_unlock(&lock);
  return calls;
}
