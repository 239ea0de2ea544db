// The kernels for x86 CPUs with avx2.
#if defined(__x86_64__)
#pragma clang diagnostic ignored "-Wpsabi"
#include "CTrainingKernels.h"
#define TK_NAME(x) x##_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "Kernels/Kernels.inc"
#pragma clang attribute pop
#endif
