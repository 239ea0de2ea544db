// What the session's executable and the Swift runtime inside libEtude offer each other. The executable holds what
// must come first in the order of symbols (abort, exit, swift_errorInMain) and what must work while a process dies.
#pragma once
#include <stdbool.h>
#include <stdint.h>

// The descriptors a session is started with.
#define ETUDE_SOCKET 3  // messages to and from the host
#define ETUDE_FRAMES 4  // where a process died, as lines of text

enum etude_cell_end {
    ETUDE_COMPLETED,
    ETUDE_THREW,
    ETUDE_EXITED,
    ETUDE_WAITS_FOR_EVER,
    ETUDE_UNLOADABLE,
};

struct etude_host {
    // Runs a loaded cell's entry point. `code` gets the status of a cell that called `exit`.
    enum etude_cell_end (*run)(const char *path, const char *entry, int *code);
    // Ends the process after a learner's mistake: tells the host the frames that led to it.
    void (*end_with_frames)(void) __attribute__((noreturn));
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
