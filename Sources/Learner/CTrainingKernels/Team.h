// A team of threads that lives for one call: so none is left for a fork to lose, and none to be counted.
#pragma once
#include <stdatomic.h>

typedef struct {
  int size;
  atomic_int arrived, turn, task;
} tk_team;

// Runs work(context, member, team) on up to `threads` threads, the calling one among them, and returns when all
// are done. Where threads can't be made the team is smaller.
void tk_team_run(int threads, void (*work)(void *context, int member, tk_team *team), void *context);
// The next task's number, from 0 after each barrier.
static inline int tk_next_task(tk_team *team) { return atomic_fetch_add_explicit(&team->task, 1, memory_order_relaxed); }
// Waits until all members have come; then tasks count from 0 again.
void tk_team_barrier(tk_team *team);
