// -*- coding: utf-8 -*-
// ---
// jupyter:
//   jupytext:
//     text_representation:
//       extension: .rs
//       format_name: percent
//       format_version: '1.3'
//       jupytext_version: 1.19.6
//   kernelspec:
//     display_name: Swift
//     language: rust
//     name: etude
// ---

// %% [markdown]
// # Embedding layers
//
// The *loss* is $\sum_i (y_i - \hat y_i)^2$, `a */ b` and "quotes".
//

// %% A title [markdown]
// Second

// %% Setting up problem="part1" tags=["hide", "x"]
import Training
let rate = 0.005  // é 😀

// %% [markdown]
// ![cat](attachment:cat.png)

// %% [raw] format="text/restructuredtext"
// .. raw:: html
//
//   <b>

// %%

// %%
// %% not a marker
let text = """
// %%
"""


