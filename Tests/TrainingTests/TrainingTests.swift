import Testing

/// All tests of training, one after the other: they share the module's one random generator.
@Suite(.serialized)
struct TrainingTests {}
