/// What is known of names that no cell declares.
enum StandardNames {
    /// Operators that leave their sides as they are, or that are told by their `=`.
    static let operators: Set<String> = [
        "+", "-", "*", "/", "%", "&+", "&-", "&*", "<<", ">>", "&<<", "&>>", "&", "|", "^", "~", "!", "&&", "||", "??", "...", "..<",
        "==", "!=", "<", ">", "<=", ">=", "===", "!==", "~=", ".==", ".!=", ".<", ".>", ".<=", ".>=", ".&", ".|", ".^",
    ]

    /// Functions that look at their arguments and leave them alone.
    static let lookOnly: Set<String> = valueTypes.union([
        "print", "debugPrint", "dump", "display", "min", "max", "abs", "zip", "stride", "repeatElement", "sqrt", "pow", "exp", "log", "type", "assert",
        "precondition", "fatalError", "assertionFailure", "preconditionFailure", "plotHistory", "ObjectIdentifier", "MemoryLayout", "withUnsafePointer",
    ])

    /// Methods of our types and of Swift's that look at what they are called on, and at what they are handed, and leave
    /// both alone; a learner's own method of the same name may do otherwise.
    static let lookOnlyMethods: Set<String> = [
        "predict", "evaluate", "summary", "layer", "archive", "save", "head", "tail", "sorted", "filter", "select", "joined", "grouped", "aggregated",
        "counts", "means", "sums", "sum", "mean", "median", "quantile", "standardDeviation", "min", "max", "unique", "valueCounts", "describe", "column",
        "renamed", "dropping", "dropMissing", "filled", "appending", "isIn", "typed", "shuffled", "sample", "reshaped", "writeCSV", "csvRepresentation",
        "map", "compactMap", "flatMap", "reduce", "forEach", "contains", "prefix", "suffix", "dropFirst", "dropLast", "enumerated", "reversed", "first", "last",
        "firstIndex", "allSatisfy", "split", "hasPrefix", "hasSuffix", "uppercased", "lowercased", "components", "replacingOccurrences", "trimmingCharacters",
    ]

    /// Methods that give values whatever they are called on, with the same exception.
    static let valueMethods: Set<String> = ["fit", "predict", "evaluate", "mean", "median", "sum", "standardDeviation", "quantile", "csvRepresentation"]

    /// Types whose values are copied, so that what happens to one copy does not reach another, with the functions that
    /// give such values. Containers count: whether what they hold is a class instance is seen from the other names.
    static let values: Set<String> = valueTypes.union(operators).union([
        "min", "max", "abs", "zip", "stride", "repeatElement", "sqrt", "pow", "exp", "log", "floor", "ceil", "round", "sin", "cos", "tan", "tanh", "log2", "log10",
        "print", "debugPrint", "display", "plotHistory", "course", "Self",
    ])

    /// Types that hold other values.
    private static let containers: Set<String> = ["Array", "Set", "Dictionary", "Optional", "ArraySlice", "ContiguousArray"]

    /// Types whose values can't hold a class instance, whatever they are made from.
    static func isScalar(_ type: String) -> Bool { valueTypes.contains(type) && !containers.contains(type) }

    private static let valueTypes: Set<String> = containers.union([
        "Int", "Int8", "Int16", "Int32", "Int64", "UInt", "UInt8", "UInt16", "UInt32", "UInt64", "Double", "Float", "Bool", "String", "Substring",
        "Character", "Range", "ClosedRange", "Void", "Duration",
        "Hashable", "Equatable", "Comparable", "Codable", "Encodable", "Decodable", "CustomStringConvertible", "CaseIterable", "Sendable", "Identifiable", "Error",
        "Data", "Date", "URL", "UUID", "TimeInterval", "Decimal", "CharacterSet", "IndexSet", "Calendar", "Locale",
        "DataFrame", "Column", "TypedColumn", "Mask", "Aggregate", "CSVReadingOptions", "ColumnType", "History", "Chart", "Tensor", "Adam", "SGD",
        "Activation", "Loss", "Metric", "Verbosity", "DataFrameError", "TrainingError",
    ])
}
