import Display

extension DisplayValue {
    /// The value as any face may take it. It comes from a process in which a learner's code runs, and so may be
    /// anything: here its parts are made to fit each other and its sizes are bounded, before a face sees it. What
    /// can't be mended (an arrow to no box) becomes a sentence.
    public var sound: DisplayValue {
        switch self {
        case .text(let text): return .text(text.bounded(to: Bounds.text))
        // Deeply nested Markdown takes a parser quadratic time.
        case .markdown(let text): return .markdown(text.bounded(to: Bounds.markdown))
        case .table(let table): return .table(table.sound)
        case .chart(let chart):
            guard let fault = chart.fault else { return self }
            return .text("This chart can't be drawn: \(fault)")
        case .diagram(let diagram):
            guard let fault = diagram.fault else { return self }
            return .text("This diagram can't be drawn: \(fault)")
        case .progress(var progress):
            progress.label = progress.label.bounded(to: Bounds.label)
            progress.detail = progress.detail.bounded(to: Bounds.label)
            progress.fraction = progress.fraction.flatMap { $0.isFinite ? min(1, max(0, $0)) : nil }
            return .progress(progress)
        }
    }
}

/// The most that is shown of one value. What Plotting and DataFrames make stays well below.
private enum Bounds {
    static let text = 8 << 20
    static let markdown = 1 << 18
    static let label = 4_096
    static let rows = 10_000, columns = 1_000
    static let points = 1_000_000, series = 500, categories = 100_000
    static let nodes = 10_000, edges = 100_000
}

extension DisplayedTable {
    /// Each row as long as there are columns; missing values where there were none.
    fileprivate var sound: DisplayedTable {
        var table = self
        table.columns = columns.prefix(Bounds.columns).map {
            Column(name: $0.name.bounded(to: Bounds.label), type: $0.type.bounded(to: Bounds.label), alignment: $0.alignment)
        }
        let count = table.columns.count
        table.rows = rows.prefix(Bounds.rows).map { row in
            let cells = row.prefix(count).map { $0?.bounded(to: Bounds.label) }
            return cells + Array(repeating: nil, count: count - cells.count)
        }
        table.rowCount = max(rowCount, table.rows.count)
        table.cutAfter = cutAfter.flatMap { (0...table.rows.count).contains($0) ? $0 : nil }
        table.caption = caption?.bounded(to: Bounds.label)
        return table
    }
}

extension DisplayedChart {
    fileprivate var fault: String? {
        guard size.count == 2, (xRange?.count ?? 2) == 2, (yRange?.count ?? 2) == 2 else {
            return "a size and a range are two numbers each."
        }
        guard series.count <= Bounds.series else { return "it has \(series.count) series, and \(Bounds.series) can be shown." }
        guard (categories?.count ?? 0) <= Bounds.categories else { return "it has more than \(Bounds.categories) categories." }
        guard series.allSatisfy({ $0.x.count == $0.y.count }) else { return "a series needs one y for every x." }
        guard series.reduce(0, { $0 + $1.x.count }) <= Bounds.points else {
            return "it has more than 1,000,000 points. Draw a sample: rows.sample(1_000, seed: 1)."
        }
        return nil
    }
}

extension DisplayedDiagram {
    fileprivate var fault: String? {
        guard nodes.count <= Bounds.nodes, edges.count <= Bounds.edges else { return "it has too many boxes and arrows." }
        guard edges.allSatisfy({ $0.count == 2 && $0.allSatisfy(nodes.indices.contains) }) else {
            return "an arrow goes from one of its boxes to another."
        }
        return nil
    }
}

extension String {
    /// The text, or its beginning with an ellipsis where it has more UTF-8 bytes than the limit.
    public func bounded(to limit: Int) -> String {
        guard utf8.count > limit else { return self }
        return String(decoding: utf8.prefix(limit), as: UTF8.self) + "…"
    }
}
