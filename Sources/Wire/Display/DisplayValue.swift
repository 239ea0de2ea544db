/// A value that a person can be shown, as data: the session describes it, and a face (a terminal, a notebook,
/// a file) draws it. It imports nothing, so that a cell which only shows numbers does not pay for Foundation.
public enum DisplayValue: Codable, Equatable, Sendable {
    case text(String)
    case markdown(String)
    case table(DisplayedTable)
    case chart(DisplayedChart)
    case progress(DisplayedProgress)
    case diagram(DisplayedDiagram)
}

/// A type whose values a person can be shown as more than their description.
///
/// For example:
///
///     extension Board: Displayable {
///         var displayValue: DisplayValue { .markdown("| a | b |\n|---|---|\n| 1 | 2 |") }
///     }
public protocol Displayable {
    var displayValue: DisplayValue { get }
}

extension DisplayValue: Displayable {
    public var displayValue: DisplayValue { self }
}

/// A table ready to be shown: text in cells, cut to the rows that are worth showing.
public struct DisplayedTable: Codable, Equatable, Sendable {
    public enum Alignment: String, Codable, Sendable { case leading, trailing }

    public struct Column: Codable, Equatable, Sendable {
        public var name: String
        /// The type's name as a learner would write it, for example `Double`.
        public var type: String
        public var alignment: Alignment
        public init(name: String, type: String, alignment: Alignment) {
            (self.name, self.type, self.alignment) = (name, type, alignment)
        }
    }

    public var columns: [Column]
    /// The shown rows, each with one text a column; nil is a missing value.
    public var rows: [[String?]]
    /// Where rows were left out: the number of shown rows above the cut. nil when all rows are shown.
    public var cutAfter: Int?
    /// The number of rows that the whole table has.
    public var rowCount: Int
    /// One line below the table, for example `9,066 rows × 6 columns`.
    public var caption: String?

    public init(columns: [Column], rows: [[String?]], cutAfter: Int? = nil, rowCount: Int, caption: String? = nil) {
        (self.columns, self.rows, self.cutAfter, self.rowCount, self.caption) = (columns, rows, cutAfter, rowCount, caption)
    }
}

/// A chart as data: series of points with marks; the host draws it.
public struct DisplayedChart: Codable, Equatable, Sendable {
    public enum Mark: String, Codable, Sendable { case line, point, bar }
    public enum Stroke: String, Codable, Sendable { case solid, dashed }

    public struct Series: Codable, Equatable, Sendable {
        public var name: String?
        public var mark: Mark
        public var stroke: Stroke
        /// An index into the palette: series of one index share one colour.
        public var color: Int
        /// 0 (invisible) to 1.
        public var opacity: Double
        public var x: [Double]
        public var y: [Double]
        public init(
            name: String? = nil, mark: Mark, stroke: Stroke = .solid, color: Int = 0, opacity: Double = 1,
            x: [Double], y: [Double]
        ) {
            (self.name, self.mark, self.stroke, self.color) = (name, mark, stroke, color)
            (self.opacity, self.x, self.y) = (opacity, x, y)
        }
    }

    public var title: String?
    public var xLabel: String?
    public var yLabel: String?
    /// Names of the positions 0, 1, 2 … on the x axis, for bars over categories.
    public var categories: [String]?
    /// Width and height in inches, as in a plotting library.
    public var size: [Double]
    public var xRange: [Double]?
    public var yRange: [Double]?
    public var series: [Series]

    public init(
        title: String? = nil, xLabel: String? = nil, yLabel: String? = nil, categories: [String]? = nil,
        size: [Double] = [10, 5], xRange: [Double]? = nil, yRange: [Double]? = nil, series: [Series]
    ) {
        (self.title, self.xLabel, self.yLabel, self.categories) = (title, xLabel, yLabel, categories)
        (self.size, self.xRange, self.yRange, self.series) = (size, xRange, yRange, series)
    }
}

/// How far something long has come.
public struct DisplayedProgress: Codable, Equatable, Sendable {
    /// What is being done, for example `Epoch 3/8`.
    public var label: String
    /// 0 to 1; nil when the length is not known.
    public var fraction: Double?
    /// What there is to say of it now, for example `loss 0.7153 · mae 0.6488`.
    public var detail: String
    public var isFinished: Bool
    public init(label: String, fraction: Double?, detail: String = "", isFinished: Bool = false) {
        (self.label, self.fraction, self.detail, self.isFinished) = (label, fraction, detail, isFinished)
    }
}

/// Boxes and arrows, for example a model's layers.
public struct DisplayedDiagram: Codable, Equatable, Sendable {
    public struct Node: Codable, Equatable, Sendable {
        public var title: String
        public var detail: String
        public init(title: String, detail: String) { (self.title, self.detail) = (title, detail) }
    }
    public var title: String
    public var nodes: [Node]
    /// Pairs of indices into `nodes`: from, to.
    public var edges: [[Int]]
    public init(title: String, nodes: [Node], edges: [[Int]]) {
        (self.title, self.nodes, self.edges) = (title, nodes, edges)
    }
}
