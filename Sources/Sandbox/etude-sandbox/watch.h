// What a box uses where the system has no control groups: looked at from time to time, so a little late.
#pragma once
#include <stdint.h>
#include <sys/types.h>

struct usage { uint64_t memory, microseconds; };

// Adds up what the processes of a box use, from the process list that the box itself sees.
// - first: the box's first process. - memory_limit: the dear way of counting is taken only where the cheap one gives more.
struct usage watch_box(pid_t first, uint64_t memory_limit);
