// The session's executable: it comes first in the order of symbols, so that `abort`, `exit` and Swift's handling of
// an uncaught error pass through here when a cell causes them. All else is in libEtude.
#define _GNU_SOURCE
#include "CSession.h"
#include "confinement.h"
#include "deaths.h"
#include "keeper.h"
#include "snapshots.h"
#include <dlfcn.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

static const struct etude_runtime *runtime;
static jmp_buf cell_start;
static bool in_cell;
static int exit_code;

// An error that a cell did not catch ends the cell, not the process. It keeps what it had computed.
void swift_errorInMain(void *error) {
    runtime->uncaught(error);
    deaths_tell_throw();
    longjmp(cell_start, ETUDE_THREW);
}

// The end of an asynchronous cell, or a cell's own call. Another thread can't jump back to where the cell began.
void exit(int code) {
    if (in_cell && deaths_is_cells_thread()) {
        deaths_tell("T 0\n");
        exit_code = code;
        longjmp(cell_start, ETUDE_EXITED);
    }
    fflush(NULL);
    _exit(code);
}

// The C library's own abort breaks the chain of frame pointers.
void abort(void) { deaths_end("A 6\n"); }

// Replaces the loop in which an asynchronous main waits.
static __attribute__((swiftcall)) void drain(void *original, void *context) {
    (void)original;
    (void)context;
    runtime->run_jobs();
    longjmp(cell_start, ETUDE_WAITS_FOR_EVER);
}

static sigset_t mask_of_cells;

// Between cells, signals wait: an alarm that a cell has set shall not end the state that it left. Traps, and the wish to
// stop, do not wait.
static void hold_signals(void) {
    sigset_t held;
    sigfillset(&held);
    const int let_through[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGINT};
    for (size_t i = 0; i < sizeof let_through / sizeof *let_through; i++) sigdelset(&held, let_through[i]);
    sigprocmask(SIG_SETMASK, &held, &mask_of_cells);
}

static enum etude_cell_end run(const char *path, const char *entry, int *code) {
    void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    if (!library) return ETUDE_UNLOADABLE;
    deaths_remember_library(path);
    int (*function)(int, char **) = (int (*)(int, char **))dlsym(library, entry);
    if (!function) return ETUDE_UNLOADABLE;
    static char *arguments[] = {"cell", NULL};
    // volatile: set between setjmp and longjmp.
    volatile enum etude_cell_end end = ETUDE_COMPLETED;
    in_cell = true;
    sigprocmask(SIG_SETMASK, &mask_of_cells, NULL);
    int jump = setjmp(cell_start);
    if (jump == 0) function(1, arguments);
    else end = (enum etude_cell_end)jump;
    in_cell = false;
    hold_signals();
    *code = exit_code;
    return end;
}

static __attribute__((noreturn)) void end_with_frames(void) { deaths_end("M 0\n"); }

static void limit_memory(const char *bytes) {
    struct rlimit limit;
    limit.rlim_cur = limit.rlim_max = strtoull(bytes, NULL, 10);
    if (limit.rlim_cur > 0) setrlimit(RLIMIT_DATA, &limit);
}

// Arguments: the most bytes of memory (0 for no limit), then the libraries that cells may import.
static int live(int count, char **arguments) {
    close(ETUDE_KEEPER);
    snapshots_settle();
    setvbuf(stdout, NULL, _IOLBF, 1 << 16);
    deaths_install();
    hold_signals();
    for (int i = 2; i < count; i++) {
        if (!dlopen(arguments[i], RTLD_NOW | RTLD_GLOBAL)) {
            fprintf(stderr, "%s\n", dlerror());
            return 70;
        }
    }
    etude_runtime_function function = (etude_runtime_function)dlsym(RTLD_DEFAULT, "etude_session_runtime");
    if (!function) {
        fprintf(stderr, "libEtude is not among the libraries.\n");
        return 70;
    }
    runtime = function();
    void (**drain_hook)(void *, void *) = dlsym(RTLD_DEFAULT, "swift_task_asyncMainDrainQueue_hook");
    if (drain_hook) *drain_hook = (void (*)(void *, void *))drain;
    void (**throw_hook)(void *) = dlsym(RTLD_DEFAULT, "_swift_willThrow");
    if (throw_hook) *throw_hook = deaths_note_throw;
    if (count > 1) limit_memory(arguments[1]);
    static const struct etude_host host = {run, end_with_frames, snapshots_begin_work, snapshots_count_threads, snapshots_fork};
    return runtime->serve(&host);
}

static void take_over_orphans(void) {
    // When the host goes, the system hangs up on a keeper that a cell has stopped, and lets it go on: to do its work.
    signal(SIGHUP, SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
}

static void close_streams(void) {
    for (int descriptor = 0; descriptor < ETUDE_KEEPER; descriptor++) close(descriptor);
}

// Forks a child of this process in a session of its own, so that no group of the host's is in the cells' reach. It does
// not lead the session: a process that does can't change its group.
static pid_t fork_into_session(void) {
    pid_t leader = fork();
    if (leader != 0) return leader;
    leader = getpid();
    setsid();
    signal(SIGHUP, SIG_DFL);
    if (fork() != 0) _exit(0);
    while (getppid() == leader) sched_yield();
    return 0;
}

// The process that the host starts becomes the keeper's guard, its child the keeper, and the keeper's child the first
// process in which cells can live. With `--confined` as its first argument, it lives in a box.
int main(int count, char **arguments) {
    if (count > 1 && strcmp(arguments[1], "--confined") == 0) {
        if (!confine()) {
            fprintf(stderr, "The system has no filter for its calls (seccomp).\n");
            return 72;
        }
        count--;
        arguments++;
    }
    sigset_t child, before;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &before);
    pid_t guard = getpid(), keeper = fork();
    if (keeper != 0) {
        take_over_orphans();
        close_streams();
        return keeper < 0 ? 71 : keeper_guard(keeper);
    }
    take_over_orphans();
    pid_t first = fork_into_session();
    if (first == 0) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        exit(live(count, arguments));
    }
    close_streams();
    return first < 0 ? 71 : keeper_serve(guard);
}
