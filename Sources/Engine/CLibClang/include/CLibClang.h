// The few functions of libclang that read a serialised diagnostics file, with prototypes of our own:
// Swift's toolchains ship the library, but not its headers.
#pragma once
#include <stdbool.h>

typedef struct { const void *data; unsigned flags; } CLCString;
typedef struct { const void *data[2]; unsigned number; } CLCLocation;
typedef struct { const void *data[2]; unsigned begin, end; } CLCRange;
typedef void *CLCDiagnosticSet;
typedef void *CLCDiagnostic;

/// The functions of one loaded libclang.
typedef struct {
    CLCDiagnosticSet (*loadDiagnostics)(const char *path, int *error, CLCString *message);
    void (*disposeDiagnosticSet)(CLCDiagnosticSet);
    unsigned (*count)(CLCDiagnosticSet);
    CLCDiagnostic (*diagnostic)(CLCDiagnosticSet, unsigned);
    CLCDiagnosticSet (*children)(CLCDiagnostic);
    int (*severity)(CLCDiagnostic);
    CLCString (*spelling)(CLCDiagnostic);
    CLCLocation (*location)(CLCDiagnostic);
    unsigned (*rangeCount)(CLCDiagnostic);
    CLCRange (*range)(CLCDiagnostic, unsigned);
    unsigned (*fixItCount)(CLCDiagnostic);
    CLCString (*fixIt)(CLCDiagnostic, unsigned, CLCRange *);
    CLCLocation (*rangeStart)(CLCRange);
    CLCLocation (*rangeEnd)(CLCRange);
    void (*fileLocation)(CLCLocation, void **file, unsigned *line, unsigned *column, unsigned *offset);
    CLCString (*fileName)(void *file);
    const char *(*text)(CLCString);
    void (*disposeString)(CLCString);
} CLibClang;

/// Loads libclang from `path` and looks its functions up; false when the library or one of them is missing.
bool clc_load(const char *path, CLibClang *functions);
