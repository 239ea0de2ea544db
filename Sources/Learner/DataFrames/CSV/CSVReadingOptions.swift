/// How a CSV file is to be understood, where it is not the usual comma-separated file with a header line.
public struct CSVReadingOptions: Sendable {
    /// Whether the first line holds the columns' names. Without one they are called `column 1`, `column 2` and so on.
    public var hasHeaderRow: Bool
    /// What stands between two fields: one ASCII character.
    public var delimiter: Character
    /// Texts that mean a missing value, besides the empty field: for example `NA`. A quoted field is never one.
    public var nilEncodings: Set<String>

    public init(hasHeaderRow: Bool = true, delimiter: Character = ",", nilEncodings: Set<String> = []) {
        self.hasHeaderRow = hasHeaderRow
        self.delimiter = delimiter
        self.nilEncodings = nilEncodings
    }
}
