// The kernels for any CPU; on arm64 these are the vector ones.
#pragma clang diagnostic ignored "-Wpsabi"
#include "CTrainingKernels.h"
#define TK_NAME(x) x##_base

#include "Kernels/Kernels.inc"

