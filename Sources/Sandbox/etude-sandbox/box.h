// What the launcher's parts know of a box.
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// The descriptors that the program in the box gets, as far as they were open: the three streams, and a session's own.
enum { MOST_PASSED = 6 };
// The launcher's conversation with the host, in messages of one packet each.
enum { CONTROL = 6 };

// A file or folder of the host's that the box shows, read only.
struct shown { const char *host, *inside; };

struct box {
    uint64_t memory, disk, files;
    uint64_t cpu_seconds, wall_milliseconds;
    uint64_t processes;
    // Whether it holds the toolchain's programs, which do a little more than a session: they change modes and start others.
    bool is_for_tools;
    // Where bubblewrap is, as the host has found it.
    const char *bubblewrap;
    struct shown shown[128];
    int shown_count;
    const char *variables[64][2];
    int variable_count;
    // The program as the box sees it, and its arguments, with NULL at the end.
    char **program;
};

// Tells the host why there is no box, in a sentence, and ends the process.
void refuse(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
