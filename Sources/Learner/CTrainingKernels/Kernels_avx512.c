// The kernels for x86 CPUs with avx512.
#if defined(__x86_64__)
#pragma clang diagnostic ignored "-Wpsabi"
#include "CTrainingKernels.h"
#define TK_NAME(x) x##_avx512
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,avx2,fma"))), apply_to = function)
#include "Kernels/Kernels.inc"
#pragma clang attribute pop
#endif
