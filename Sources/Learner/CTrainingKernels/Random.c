#include "CTrainingKernels.h"

static uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

// xoshiro256++ by Blackman and Vigna (public domain).
static uint64_t next(uint64_t s[4]) {
  uint64_t result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotate(s[3], 45);
  return result;
}

void tk_fill_uniform(uint64_t state[4], float *out, ptrdiff_t n, float low, float high) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float unit = (float)(next(state) >> 40) * (1.0f / 16777216.0f);
    out[i] = low + unit * (high - low);
  }
}

void tk_shuffle(uint64_t state[4], uint32_t *order, ptrdiff_t n) {
  for (ptrdiff_t i = n - 1; i > 0; i--) {
    // A number below i + 1 by multiplication, drawn again where that would favour some (Lemire).
    uint32_t bound = (uint32_t)(i + 1);
    uint64_t product = (next(state) >> 32) * bound;
    if ((uint32_t)product < bound) {
      uint32_t threshold = -bound % bound;
      while ((uint32_t)product < threshold) product = (next(state) >> 32) * bound;
    }
    ptrdiff_t j = (ptrdiff_t)(product >> 32);
    uint32_t kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}
