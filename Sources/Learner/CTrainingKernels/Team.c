#include "Team.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>

typedef struct {
  tk_team team;
  void (*work)(void *, int, tk_team *);
  void *context;
  atomic_int started;  // 0 until the team's size is known
} assembly;

typedef struct {
  assembly *assembly;
  int member;
  pthread_t thread;
} recruit;

enum { most_threads = 64 };

static void pause_briefly(int *spins) {
  if (++*spins < 2000) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  } else {
    *spins = 1000;
    sched_yield();
  }
}

static void *serve(void *argument) {
  recruit *r = argument;
  int spins = 0;
  while (!atomic_load_explicit(&r->assembly->started, memory_order_acquire)) pause_briefly(&spins);
  r->assembly->work(r->assembly->context, r->member, &r->assembly->team);
  return 0;
}

void tk_team_run(int threads, void (*work)(void *, int, tk_team *), void *context) {
  assembly a = {.work = work, .context = context};
  recruit recruits[most_threads];
  int count = 1;
  if (threads > most_threads) threads = most_threads;
  if (threads > 1) {
    // Signals are for the thread that runs the learner's code.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (count < threads) {
      recruits[count] = (recruit){&a, count, 0};
      if (pthread_create(&recruits[count].thread, 0, serve, &recruits[count])) break;
      count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, 0);
  }
  a.team.size = count;
  atomic_store_explicit(&a.started, 1, memory_order_release);
  work(context, 0, &a.team);
  for (int i = 1; i < count; i++) pthread_join(recruits[i].thread, 0);
}

void tk_team_barrier(tk_team *team) {
  if (team->size == 1) {
    atomic_store_explicit(&team->task, 0, memory_order_relaxed);
    return;
  }
  int turn = atomic_load_explicit(&team->turn, memory_order_relaxed);
  if (atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) == team->size - 1) {
    atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&team->task, 0, memory_order_relaxed);
    atomic_store_explicit(&team->turn, turn + 1, memory_order_release);
    return;
  }
  int spins = 0;
  while (atomic_load_explicit(&team->turn, memory_order_acquire) == turn) pause_briefly(&spins);
}
