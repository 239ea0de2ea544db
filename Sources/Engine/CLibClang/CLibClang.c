#include "CLibClang.h"

#include <dlfcn.h>
#include <stddef.h>

bool clc_load(const char *path, CLibClang *functions) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return false;
    const struct { const char *name; void **place; } wanted[] = {
        {"clang_loadDiagnostics", (void **)&functions->loadDiagnostics},
        {"clang_disposeDiagnosticSet", (void **)&functions->disposeDiagnosticSet},
        {"clang_getNumDiagnosticsInSet", (void **)&functions->count},
        {"clang_getDiagnosticInSet", (void **)&functions->diagnostic},
        {"clang_getChildDiagnostics", (void **)&functions->children},
        {"clang_getDiagnosticSeverity", (void **)&functions->severity},
        {"clang_getDiagnosticSpelling", (void **)&functions->spelling},
        {"clang_getDiagnosticLocation", (void **)&functions->location},
        {"clang_getDiagnosticNumRanges", (void **)&functions->rangeCount},
        {"clang_getDiagnosticRange", (void **)&functions->range},
        {"clang_getDiagnosticNumFixIts", (void **)&functions->fixItCount},
        {"clang_getDiagnosticFixIt", (void **)&functions->fixIt},
        {"clang_getRangeStart", (void **)&functions->rangeStart},
        {"clang_getRangeEnd", (void **)&functions->rangeEnd},
        {"clang_getFileLocation", (void **)&functions->fileLocation},
        {"clang_getFileName", (void **)&functions->fileName},
        {"clang_getCString", (void **)&functions->text},
        {"clang_disposeString", (void **)&functions->disposeString},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        *wanted[i].place = dlsym(library, wanted[i].name);
        if (*wanted[i].place == NULL) return false;
    }
    return true;
}
