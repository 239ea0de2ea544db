/// A message of the compiler about a cell, in the cell's own lines and columns.
public struct CellDiagnostic: Hashable, Sendable {
    public enum Severity: String, Codable, Hashable, Sendable { case error, warning, note }

    /// What replaces a range of the cell to make the message go away.
    public struct FixIt: Hashable, Sendable {
        public var range: Range<CellPosition>
        public var replacement: String
    }

    public var severity: Severity
    /// A sentence for a learner.
    public var message: String
    /// The compiler's own words, made clean of what is not the learner's.
    public var compilerMessage: String
    /// The compiler's name for the message, for example `cannot_find_in_scope`, or one of ours.
    public var id: String
    /// The cell that it points into; a note can point into an earlier one.
    public var cellID: String?
    /// Where, as far as it can be said.
    public var range: Range<CellPosition>?
    public var notes: [CellDiagnostic]
    public var fixIts: [FixIt]
    /// Whether it is about code that is not the learner's.
    public var isInGlue: Bool

    public init(
        severity: Severity, message: String, compilerMessage: String? = nil, id: String, cellID: String?,
        range: Range<CellPosition>? = nil, notes: [CellDiagnostic] = [], fixIts: [FixIt] = [], isInGlue: Bool = false
    ) {
        self.severity = severity
        self.message = message
        self.compilerMessage = compilerMessage ?? message
        self.id = id
        self.cellID = cellID
        self.range = range
        self.notes = notes
        self.fixIts = fixIts
        self.isInGlue = isInGlue
    }
}
