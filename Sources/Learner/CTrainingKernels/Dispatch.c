#define _GNU_SOURCE
#include "CTrainingKernels.h"
#include <time.h>
#if defined(__linux__)
#include <sched.h>
#endif
#include <unistd.h>

// -1 until first asked. Written with the same value by whoever asks first, so a race does no harm.
static int level_in_use = -1;

static int best_level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw"))
    return 2;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

int tk_use_vector_level(int level) {
  int best = best_level();
  level_in_use = level < 0 || level > best ? best : level;
  return level_in_use;
}

const tk_kernels *tk_current_kernels(void) {
  if (level_in_use < 0) tk_use_vector_level(-1);
#if defined(__x86_64__)
  if (level_in_use == 2) return &tk_kernels_avx512;
  if (level_in_use == 1) return &tk_kernels_avx2;
#endif
  return &tk_kernels_base;
}

int tk_available_cpus(void) {
  long online = sysconf(_SC_NPROCESSORS_ONLN);
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) > 0) return CPU_COUNT(&set);
#endif
  return online > 0 ? (int)online : 1;
}

double tk_seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
