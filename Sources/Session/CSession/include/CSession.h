// What the session's executable and the Swift runtime inside libEtude offer each other. The executable holds what
// must come first in the order of symbols (abort, exit, swift_errorInMain) and what must work while a process dies.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// The descriptors that each process in which cells live has.
#define ETUDE_SOCKET 3  // messages to and from the host
#define ETUDE_FRAMES 4  // where a process died, as lines of text
// The keeper's conversation with the host.
#define ETUDE_KEEPER 5

enum etude_cell_end {
    ETUDE_COMPLETED,
    ETUDE_THREW,
    ETUDE_EXITED,
    ETUDE_WAITS_FOR_EVER,
    ETUDE_UNLOADABLE,
};

enum etude_fork_side {
    ETUDE_FORK_FAILED = -1,
    ETUDE_PARENT,
    ETUDE_CHILD,
};

struct etude_host {
    // Runs a loaded cell's entry point. `code` gets the status of a cell that called `exit`.
    enum etude_cell_end (*run)(const char *path, const char *entry, int *code);
    // Ends the process after a learner's mistake: tells the host the frames that led to it.
    void (*end_with_frames)(void) __attribute__((noreturn));
    // Comes before a cell runs, or answers between cells are asked for.
    void (*begin_work)(bool is_cell);
    // How many threads the process has. One that has others can't be forked: they would be missing in the copy.
    int (*count_threads)(void);
    // Takes the descriptors for a copy of this process from the host, and makes the copy: a process that is no child
    // of this one, so that each can end without the other. In the parent, `failure` gets the reason when there is none.
    enum etude_fork_side (*fork)(int *failure);
};

struct etude_runtime {
    // Serves the host until it closes the connection. Returns the exit status.
    int (*serve)(const struct etude_host *host);
    // Takes an error that a cell did not catch.
    void (*uncaught)(void *error);
    // Runs the jobs of Swift's concurrency until none is left.
    void (*run_jobs)(void);
};

// Exported by libEtude.
typedef const struct etude_runtime *(*etude_runtime_function)(void);
