// Training: Keras' layers, models and words in Swift, with kernels in C underneath.
//
// A learner calls layers on symbolic tensors (Graph/, Layers/) and makes a Model of inputs and outputs.
// `compile` says how to train it; `fit` turns the graph into a plan, a flat list of operations with places
// in memory (Plan/), and CTrainingKernels runs the plan over the rows, batch after batch. The same seed gives
// the same bits, whatever the number of threads or the width of the CPU's vectors.
