import CellCompiler

/// How a cell came out.
public struct CellResult {
    public enum Outcome {
        /// It ran to its end. Cells without code do too.
        case completed
        /// It holds gaps that the learner has yet to fill: their texts and lines in the cell.
        case waiting([Gap])
        /// It needs names that a cell above has yet to give.
        case skipped(needs: [Need])
        case doesNotCompile([CellDiagnostic])
        /// An error was thrown at its top level and not caught.
        case threw(String, place: CellPlace?)
        case exited(Int32, place: CellPlace?)
        /// A top-level `await` waits for something that can't come.
        case waitsForever
        /// Its process died; the session is back in the state before the cell.
        case died(String, place: CellPlace?)
        case interrupted(place: CellPlace?)
    }

    public struct Gap: Equatable, Sendable {
        public var text: String
        public var line: Int
    }

    public struct Need: Equatable, Sendable {
        public var name: String
        /// The id of the cell that would give it.
        public var cell: String
    }

    public var outcome: Outcome
    public var warnings: [CellDiagnostic] = []
    public var duration: Duration = .zero
    /// How long it took to keep the state before it.
    public var preparation: Duration = .zero
    /// The limit that it has passed, where that is how it ended.
    public var limit: PassedLimit?
    /// What the learner should know of the session beside how the cell came out, in sentences.
    public var remarks: [String] = []

    public var succeeded: Bool { if case .completed = outcome { true } else { false } }
}

/// A line in a cell, counted from 1.
public struct CellPlace: Equatable, Sendable {
    public var cell: String
    public var line: Int
    public init(cell: String, line: Int) { (self.cell, self.line) = (cell, line) }
}

extension CellDiagnostic {
    /// The line in the cell, counted from 1.
    public var line: Int { range?.lowerBound.line ?? 1 }
}

extension CellResult {
    /// Where a cell ended before its end.
    public var place: CellPlace? {
        switch outcome {
        case .threw(_, let place), .exited(_, let place), .died(_, let place), .interrupted(let place): place
        default: nil
        }
    }
}
