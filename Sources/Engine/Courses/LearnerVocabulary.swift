/// The names that the modules for learners offer at their top level, as a learner may mistype them: the compiler's
/// messages then say "Did you mean `Embedding`?", or which module to import.
public enum LearnerVocabulary {
    public static let names: [String: [String]] = [
        "Training": [
            "Activation", "Adam", "Add", "Concatenate", "Dense", "Dot", "Dropout", "Embedding", "Flatten", "History", "Input",
            "InputLayer", "Layer", "Loss", "Metric", "Model", "Multiply", "Optimizer", "Rescaling", "SGD", "Sequential",
            "Subtract", "SymbolicTensor", "Tensor", "TrainingError", "Verbosity", "setRandomSeed",
        ],
        "DataFrames": ["Aggregate", "Column", "CSVReadingOptions", "DataFrame", "DataFrameError", "Mask", "TypedColumn"],
        "Plotting": ["Chart", "plotHistory"],
        "Lessons": ["course", "display"],
    ]
}
