// Tells the host where a process died, from inside the dying process.
#pragma once

// Remembers where a cell's library lies, so that its frames can be told.
void deaths_remember_library(const char *path);
// Installs the handlers of traps and of the interrupt.
void deaths_install(void);
// Writes the frames of the caller, under a line that says what they are of.
void deaths_tell(const char *kind);
// The same, then ends the process.
void deaths_end(const char *kind) __attribute__((noreturn));
