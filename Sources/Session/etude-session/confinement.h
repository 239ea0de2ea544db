// What a session in a box takes from itself before any cell is loaded.
#pragma once
#include <stdbool.h>

// From here on, neither this process nor any copy of it can become another program. Returns whether the system does that.
bool confine(void);
