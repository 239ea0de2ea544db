// The keeper is the parent of all processes in which cells live, and of all that cells start and abandon. It tells
// the host how each ended, carries out what the host asks for, and leaves nothing behind when the host is gone.
//
// A cell may kill its keeper, so the keeper has a parent of its own that does nothing but wait: whichever of the two is
// left ends all that is below.
#pragma once
#include <sys/types.h>

// Serves the host until it, or the keeper's parent, is gone, then ends every process below. Returns the exit status.
int keeper_serve(pid_t guard);
// Waits until the host or the keeper is gone, then ends every process below. Returns the exit status.
int keeper_guard(pid_t keeper);
