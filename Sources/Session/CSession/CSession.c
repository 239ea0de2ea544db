#include "CSession.h"

// The C library has these only for programs that are linked with it as a whole, which cells are not. What they
// register is never called: the process of a cell ends without.
int __cxa_atexit(void (*function)(void *), void *argument, void *library);
int atexit(void (*function)(void)) { return __cxa_atexit((void (*)(void *))function, 0, 0); }
