import DataFrames
import Training
import Wire

/// How an answer of a type that travels as an archive is opened.
struct Archive {
    let matches: (AnswerReply) -> Bool
    /// Bytes from a learner's process: anything may be in them.
    let open: ([UInt8]) throws -> Any
}

/// The archive that values of this type travel in; nil for a type that travels otherwise.
func archived(_ type: Any.Type) -> Archive? {
    if type == Model.self { return Archive(matches: { $0 == .model }, open: { try Model(archive: $0) }) }
    if type == Layer.self { return Archive(matches: { $0 == .layer }, open: { try Layer.decode(archive: $0) }) }
    if type == DataFrame.self { return Archive(matches: { $0 == .dataFrame }, open: { try DataFrame(archive: $0) }) }
    return nil
}
